extension FramingCase {
    private static let get = Verdict.requests([Request("GET", "/")])

    static let requestLines: [FramingCase] = [
        start("a plain request", "GET / HTTP/1.1", get, "RFC 9112, 3"),
        start("a query", "GET /models?top_k=5&x=a%20b HTTP/1.1", .requests([Request("GET", "/models?top_k=5&x=a%20b")]), "RFC 9112, 3.2.1"),
        start("an unknown method", "BREW /pot HTTP/1.1", .requests([Request("BREW", "/pot")]), "RFC 9110, 9.1: the resource decides"),
        start("methods are case-sensitive", "get / HTTP/1.1", .requests([Request("get", "/")]), "RFC 9110, 9.1"),
        start("a method that is no token", "G@T / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("an empty method", " / HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a very long method", String(repeating: "A", count: 40) + " / HTTP/1.1", .error(501), "RFC 9112, 3"),
        start("CONNECT", "CONNECT example.com:443 HTTP/1.1", .error(501), "RFC 9110, 9.3.6"),
        start("CONNECT without a port", "CONNECT example.com HTTP/1.1", .error(400), "RFC 9112, 3.2.3"),
        start("two spaces", "GET  / HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("two spaces before the version", "GET /  HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a tab for a space", "GET\t/ HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a space at the end", "GET / HTTP/1.1 ", .error(400), "RFC 9112, 3"),
        start("a space in the target", "GET /a b HTTP/1.1", .error(400), "RFC 9112, 3.2"),
        start("no target", "GET HTTP/1.1", .error(400), "RFC 9112, 3"),
        FramingCase("HTTP/0.9", "GET /\r\n", .error(400), "RFC 9112, 2.3"),
        start("HTTP/2 as a version", "GET / HTTP/2.0", .error(505), "RFC 9110, 15.6.6"),
        FramingCase("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .error(505), "RFC 9113, 3.4"),
        start("HTTP/1.2 is read as 1.1", "GET / HTTP/1.2", get, "RFC 9110, 2.5"),
        start("HTTP/0.1", "GET / HTTP/0.1", .error(505), "RFC 9110, 15.6.6"),
        start("lower-case version", "GET / http/1.1", .error(400), "RFC 9112, 2.3"),
        start("a version of two digits", "GET / HTTP/1.10", .error(400), "RFC 9112, 2.3"),
        start("a version without a minor", "GET / HTTP/1", .error(400), "RFC 9112, 2.3"),
        start("another protocol", "GET / RTSP/1.0", .error(400), "RFC 9112, 2.3"),
        FramingCase("empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", get, "RFC 9112, 2.2"),
        FramingCase("a stream of empty lines", "\r\n\r\n\r\n\r\n\r\n", .error(400), "RFC 9112, 2.2, bounded"),
        FramingCase("a bare LF ends the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .error(400), "RFC 9112, 2.2, the strict reading"),
        FramingCase("a bare CR in the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", .error(400), "RFC 9112, 2.2"),
        FramingCase("CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 2.2"),
        FramingCase("NUL in the request line", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("TLS on a plain port", "\u{16}\u{3}\u{1}", .error(400), "no method starts like this"),
        FramingCase("half a request line", "GET /mod", .incomplete, "RFC 9112, 8"),
        FramingCase("half a header", "GET / HTTP/1.1\r\nHost: a\r\nAcc", .incomplete, "RFC 9112, 8"),
    ]

    static let targets: [FramingCase] = [
        start("absolute-form", "GET http://b/x?y HTTP/1.1", .requests([Request("GET", "/x?y")]), "RFC 9112, 3.2.2"),
        start("absolute-form without a path", "GET http://b HTTP/1.1", get, "RFC 9110, 4.2.3"),
        start("absolute-form with only a query", "GET HTTPS://b:8?q HTTP/1.1", .requests([Request("GET", "/?q")]), "RFC 9110, 4.2.3"),
        start("absolute-form with user information", "GET http://u@b/ HTTP/1.1", .error(400), "RFC 9110, 4.2.4"),
        start("absolute-form without a host", "GET http:///x HTTP/1.1", .error(400), "RFC 9110, 4.2.1"),
        start("another scheme", "GET ftp://b/ HTTP/1.1", .error(400), "RFC 9112, 3.2"),
        start("asterisk-form", "OPTIONS * HTTP/1.1", .requests([Request("OPTIONS", "*")]), "RFC 9112, 3.2.4"),
        start("absolute asterisk-form", "OPTIONS http://b HTTP/1.1", .requests([Request("OPTIONS", "*")]), "RFC 9112, 3.2.4"),
        start("asterisk-form of GET", "GET * HTTP/1.1", .error(400), "RFC 9112, 3.2.4"),
        start("authority-form of GET", "GET example.com:80 HTTP/1.1", .error(400), "RFC 9112, 3.2.3"),
        start("a relative path", "GET models HTTP/1.1", .error(400), "RFC 9112, 3.2.1"),
        start("a fragment", "GET /#top HTTP/1.1", .error(400), "RFC 9112, 3.2"),
        start("raw UTF-8", "GET /ä HTTP/1.1", .error(400), "RFC 3986, 2"),
        start("raw UTF-8 in the query", "GET /?q=ä HTTP/1.1", .error(400), "RFC 3986, 2"),
        start("encoded UTF-8", "GET /%C3%A4 HTTP/1.1", .requests([Request("GET", "/%C3%A4")]), "RFC 3986, 2.1"),
        start("an incomplete encoding", "GET /%C HTTP/1.1", .error(400), "RFC 3986, 2.1"),
        start("an encoding that is none", "GET /%+1 HTTP/1.1", .error(400), "RFC 3986, 2.1"),
        start("an encoded NUL", "GET /%00 HTTP/1.1", .error(400), "RFC 3986, 7.3"),
        start("an overlong encoding", "GET /%C0%AF HTTP/1.1", .error(400), "RFC 3629, 10"),
        start("dot segments", "GET /a/../b HTTP/1.1", .error(400), "RFC 3986, 5.2.4"),
        start("encoded dot segments", "GET /a/%2E%2e/b HTTP/1.1", .error(400), "RFC 3986, 6.2.2.3"),
        start("a dot segment at the end", "GET /a/. HTTP/1.1", .error(400), "RFC 3986, 5.2.4"),
        start("dots that are no segment", "GET /a..b/... HTTP/1.1", .requests([Request("GET", "/a..b/...")]), "RFC 3986, 3.3"),
        start("a backslash", "GET /a\\b HTTP/1.1", .error(400), "RFC 3986, 3.3"),
        start("brackets in the query", "GET /?a[0]=1|2 HTTP/1.1", .requests([Request("GET", "/?a[0]=1|2")]), "browsers send them"),
    ]

    static let fields: [FramingCase] = [
        line("a value with spaces around", "X-A: \t b \t", get, "RFC 9112, 5.1"),
        line("an empty value", "X-A:", get, "RFC 9110, 5.5"),
        line("obs-text", "X-A: ä", get, "RFC 9110, 5.5"),
        line("an underscore in a name", "X_A: 1", get, "RFC 9110, 5.6.2"),
        line("a space before the colon", "X-A : 1", .error(400), "RFC 9112, 5.1"),
        line("a tab before the colon", "X-A\t: 1", .error(400), "RFC 9112, 5.1"),
        line("a space before Content-Length's colon", "Content-Length : 5", .error(400), "RFC 9112, 5.1"),
        line("a folded line", "X-A: 1\r\n 2", .error(400), "RFC 9112, 5.2"),
        line("a line folded by a tab", "X-A: 1\r\n\t2", .error(400), "RFC 9112, 5.2"),
        FramingCase("white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .error(400), "RFC 9112, 2.2"),
        line("no colon", "X-A", .error(400), "RFC 9112, 5"),
        line("an empty name", ": 1", .error(400), "RFC 9110, 5.1"),
        line("a space in a name", "X A: 1", .error(400), "RFC 9110, 5.6.2"),
        line("a name that is no token", "X@A: 1", .error(400), "RFC 9110, 5.6.2"),
        line("a non-ASCII name", "Ä: 1", .error(400), "RFC 9110, 5.6.2"),
        line("NUL in a value", "X-A: a\0b", .error(400), "RFC 9110, 5.5"),
        line("a control character in a value", "X-A: a\u{1}b", .error(400), "RFC 9110, 5.5"),
        line("DEL in a value", "X-A: a\u{7f}b", .error(400), "RFC 9110, 5.5"),
        line("a bare CR in a value", "X-A: a\rb", .error(400), "RFC 9112, 2.2"),
        line("a bare LF in a value", "X-A: a\nb: c", .error(400), "RFC 9112, 2.2, the strict reading"),
        FramingCase("LF LF ends the header", "GET / HTTP/1.1\r\nHost: a\n\n", .error(400), "RFC 9112, 2.2, the strict reading"),
        FramingCase("no Host", "GET / HTTP/1.1\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        line("two Hosts", "Host: a", .error(400), "RFC 9112, 3.2"),
        FramingCase("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", get, "RFC 9110, 7.2"),
        FramingCase("a Host with a port", "GET / HTTP/1.1\r\nHost: a.b:80\r\n\r\n", get, "RFC 9110, 7.2"),
        FramingCase("an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", get, "RFC 3986, 3.2.2"),
        FramingCase("a Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .error(400), "RFC 9110, 7.2"),
        FramingCase("a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .error(400), "RFC 9110, 7.2"),
        FramingCase("a Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .error(400), "RFC 9110, 7.2"),
        FramingCase("two Hosts in a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("two Hosts in a tight list", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("a Host with a port that is none", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .error(400), "RFC 9110, 7.2"),
        FramingCase(
            "HTTP/1.0 without a Host", "GET / HTTP/1.0\r\n\r\n", .requests([Request("GET", "/", keepAlive: false)]), "RFC 9112, 3.2"),
        line("Connection: close", "Connection: close", .requests([Request("GET", "/", keepAlive: false)]), "RFC 9112, 9.6"),
        line("close in a list", "Connection: te , CLOSE", .requests([Request("GET", "/", keepAlive: false)]), "RFC 9112, 9.6"),
        FramingCase(
            "HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", .requests([Request("GET", "/")]),
            "RFC 9112, 9.3"),
        line("another expectation", "Expect: miracles", .error(417), "RFC 9110, 10.1.1"),
    ]

    static let lengths: [FramingCase] = [
        post("a body", "Content-Length: 5", "hello", .requests([Request("POST", "/p", "hello")]), "RFC 9112, 6.2"),
        post("a body of nothing", "Content-Length: 0", "", .requests([Request("POST", "/p")]), "RFC 9112, 6.2"),
        post("no length is no body", "X-A: 1", "", .requests([Request("POST", "/p")]), "RFC 9112, 6.3"),
        post("leading zeros", "Content-Length: 0005", "hello", .requests([Request("POST", "/p", "hello")]), "RFC 9110, 8.6"),
        post("a body that is not whole", "Content-Length: 5", "hell", .incomplete, "RFC 9112, 8"),
        post("a plus", "Content-Length: +5", "hello", .error(400), "RFC 9110, 8.6"),
        post("a minus", "Content-Length: -5", "hello", .error(400), "RFC 9110, 8.6"),
        post("minus nought", "Content-Length: -0", "", .error(400), "RFC 9110, 8.6"),
        post("an underscore", "Content-Length: 1_0", "hellohello", .error(400), "RFC 9110, 8.6"),
        post("a space within", "Content-Length: 1 0", "hellohello", .error(400), "RFC 9110, 8.6"),
        post("hexadecimal", "Content-Length: 0x5", "hello", .error(400), "RFC 9110, 8.6"),
        post("a fraction", "Content-Length: 5.0", "hello", .error(400), "RFC 9110, 8.6"),
        post("an empty length", "Content-Length:", "", .error(400), "RFC 9110, 8.6"),
        post("digits of another script", "Content-Length: ٥", "hello", .error(400), "RFC 9110, 8.6"),
        post("differing lengths", "Content-Length: 5\r\nContent-Length: 6", "hello!", .error(400), "RFC 9112, 6.3"),
        post("equal lengths", "Content-Length: 5\r\nContent-Length: 5", "hello", .error(400), "RFC 9112, 6.3 allows refusing"),
        post("a list of lengths", "Content-Length: 5, 5", "hello", .error(400), "RFC 9112, 6.3 allows refusing"),
        post("2 to the 63", "Content-Length: 9223372036854775808", "", .error(413), "RFC 9110, 8.6"),
        post("2 to the 64 and 5", "Content-Length: 18446744073709551621", "hello", .error(413), "RFC 9110, 8.6"),
        post("a length of 40 digits", "Content-Length: \(String(repeating: "9", count: 40))", "", .error(413), "RFC 9110, 8.6"),
        post("the largest number", "Content-Length: 9223372036854775807", "", .error(413), "RFC 9110, 15.5.14"),
        post("both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n", .error(400), "RFC 9112, 6.3"),
        post("both lengths, the other order", "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n", .error(400), "RFC 9112, 6.3"),
        FramingCase(
            "a body of GET is read", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyzGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            .requests([Request("GET", "/a", "xyz"), Request("GET", "/b")]), "RFC 9110, 9.3.1"),
        FramingCase(
            "three pipelined requests",
            "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\nHost: a\r\n\r\n",
            .requests([Request("GET", "/a"), Request("POST", "/b", "hi"), Request("GET", "/c")]), "RFC 9112, 9.3.2"),
        FramingCase(
            "an error behind a request", "GET /a HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n", .error(400, after: 1), "RFC 9112, 9.3.2"),
    ]

    static let codings: [FramingCase] = [
        coding("upper case", "CHUNKED", .requests([Request("POST", "/c")]), "RFC 9112, 7"),
        coding("gzip, chunked", "gzip, chunked", .error(501), "RFC 9112, 6.1"),
        coding("chunked, gzip", "chunked, gzip", .error(400), "RFC 9112, 6.3"),
        coding("chunked twice", "chunked, chunked", .error(400), "RFC 9112, 6.1"),
        coding("chunked on two lines", "chunked\r\nTransfer-Encoding: chunked", .error(400), "RFC 9112, 6.1"),
        coding("identity", "identity", .error(400), "RFC 9112, 6.3"),
        coding("gzip alone", "gzip", .error(400), "RFC 9112, 6.3"),
        coding("nothing", "", .error(400), "RFC 9112, 6.3"),
        coding("a prefix", "xchunked", .error(400), "RFC 9112, 6.3"),
        coding("a suffix", "chunkedx", .error(400), "RFC 9112, 6.3"),
        coding("a parameter", "chunked;q=1", .error(400), "RFC 9112, 7.1"),
        coding("quotes", "\"chunked\"", .error(400), "RFC 9112, 6.1"),
        coding("a vertical tab", "\u{b}chunked", .error(400), "RFC 9110, 5.5"),
        coding("an empty element", "chunked,", .error(400), "RFC 9112, 6.1, the strict reading"),
        FramingCase(
            "HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .error(400), "RFC 9112, 6.1"),
    ]

    static let chunks: [FramingCase] = [
        chunked("two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", .requests([Request("POST", "/c", "hello world")]), "RFC 9112, 7.1"),
        chunked("no chunk", "0\r\n\r\n", .requests([Request("POST", "/c")]), "RFC 9112, 7.1"),
        chunked(
            "hexadecimal in both cases", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
            .requests([Request("POST", "/c", "01234567890123456789")]), "RFC 9112, 7.1"),
        chunked("leading zeros", "005\r\nhello\r\n000\r\n\r\n", .requests([Request("POST", "/c", "hello")]), "RFC 9112, 7.1"),
        chunked("extensions", "5;a=b;c=\"d\" ; e\r\nhello\r\n0;x\r\n\r\n", .requests([Request("POST", "/c", "hello")]), "RFC 9112, 7.1.1"),
        chunked("trailers", "0\r\nX-Sum: 1\r\nX-B: 2\r\n\r\n", .requests([Request("POST", "/c")]), "RFC 9112, 7.1.2"),
        chunked(
            "a request behind", "0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .requests([Request("POST", "/c"), Request("GET", "/")]),
            "RFC 9112, 7.1"),
        chunked("a plus", "+5\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a minus", "-5\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("0x", "0x5\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("an underscore", "1_0\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a space before the size", " 5\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a space behind the size", "5 \r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("no size", "\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("an extension for a size", ";a\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a size of 16 digits", "FFFFFFFFFFFFFFFF\r\nhello", .error(400), "RFC 9112, 7.1"),
        chunked("a size that wraps around", "10000000000000005\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a size beyond the limit", "7fffffff\r\nhello", .error(413), "RFC 9110, 15.5.14"),
        chunked("a bare LF behind the size", "5\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a bare CR behind the size", "5\rhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a bare LF in an extension", "5;\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("no CRLF behind the data", "5\r\nhelloX\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a bare LF behind the data", "5\r\nhello\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("data shorter than its size", "6\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a folded trailer", "0\r\nX: 1\r\n 2\r\n\r\n", .error(400), "RFC 9112, 5.2"),
        chunked("a trailer without a colon", "0\r\nX\r\n\r\n", .error(400), "RFC 9112, 7.1.2"),
        chunked(
            "a long extension", "5;\(String(repeating: "a", count: 2_000))\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1, bounded"),
        chunked(
            "many extensions", String(repeating: "1;\(String(repeating: "a", count: 900))\r\nx\r\n", count: 20), .error(400),
            "RFC 9112, 7.1.1, bounded"),
        chunked("the end is missing", "5\r\nhello\r\n0\r\n", .incomplete, "RFC 9112, 8"),
    ]

    static let sizes: [FramingCase] = [
        start("a long target", "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1", .error(414), "RFC 9112, 3"),
        line("a long field", "X-A: \(String(repeating: "a", count: 33_000))", .error(431), "RFC 6585, 5"),
        line("many fields", (0..<130).map { "X-\($0): 1" }.joined(separator: "\r\n"), .error(431), "RFC 6585, 5"),
        line(
            "a long header", (0..<40).map { "X-\($0): \(String(repeating: "a", count: 900))" }.joined(separator: "\r\n"), .error(431),
            "RFC 6585, 5"),
        chunked("many trailers", "0\r\n" + (0..<130).map { "X-\($0): 1\r\n" }.joined(), .error(431), "RFC 9112, 7.1.2"),
    ]

    static let all = requestLines + targets + fields + lengths + codings + chunks + peers + h11 + differences

    private static func post(_ name: String, _ line: String, _ body: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase("length: \(name)", "POST /p HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n\(body)", verdict, rule)
    }

    private static func coding(_ name: String, _ value: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase("coding: \(name)", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(value)\r\n\r\n0\r\n\r\n", verdict, rule)
    }
}
