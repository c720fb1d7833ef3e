/// What the lists of other parsers ask beyond the cases of our own: those of llhttp, http-parser, picohttpparser, h11, gunicorn, Http11Probe and h1spec.
/// The bytes are ours, one case for each rule that a list shows.
extension FramingCase {
    private static let get = Verdict.requests([Request("GET", "/")])
    private static let hello = Verdict.requests([Request("POST", "/c", "hello")])

    static let peersRequestLines: [FramingCase] = [
        start("a line of text before the method", "Some textGET / HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a byte order mark before the method", "\u{feff}GET / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("a PROXY line", "PROXY TCP4 192.0.2.1 192.0.2.2 4000 80", .error(400), "RFC 9112, 3: it is none of HTTP"),
        start("bytes of an older protocol", "\0\0\0\u{8}GET / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("a method of letters with accents", "G\u{c9}T / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("a comma in the method", "GET,POST / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("a colon in the method", "GET: / HTTP/1.1", .error(400), "RFC 9110, 9.1"),
        start("a method that starts with a dash", "-GET / HTTP/1.1", .requests([Request("-GET", "/")]), "RFC 9110, 9.1: tchar"),
        start(
            "a method of all token characters", "!#$%&'*+-.^_`|~ / HTTP/1.1", .requests([Request("!#$%&'*+-.^_`|~", "/")]),
            "RFC 9110, 5.6.2"),
        start("QUERY", "QUERY /q HTTP/1.1", .requests([Request("QUERY", "/q")]), "RFC 9110, 9.1"),
        start("a version of leading zeros", "GET / HTTP/01.01", .error(400), "RFC 9112, 2.3"),
        start("a space within the version", "GET / HTTP/ 1.1", .error(400), "RFC 9112, 2.3"),
        start("a version without its dot", "GET / HTTP/11", .error(400), "RFC 9112, 2.3"),
        start("a comma in the version", "GET / HTTP/1,1", .error(400), "RFC 9112, 2.3"),
        start("a version of letters", "GET / HTTP/a.b", .error(400), "RFC 9112, 2.3"),
        start("a version with a sign", "GET / HTTP/+1.1", .error(400), "RFC 9112, 2.3"),
        start("a character before the version", "GET / XHTTP/1.1", .error(400), "RFC 9112, 2.3"),
        start("a character behind the version", "GET / HTTP/1.1x", .error(400), "RFC 9112, 2.3"),
        start("a slash too many in the version", "GET / HTTP//1.1", .error(400), "RFC 9112, 2.3"),
        start("ICE", "SOURCE /s ICE/1.0", .error(400), "RFC 9112, 2.3"),
        start("HTTP/9.9", "GET / HTTP/9.9", .error(505), "RFC 9110, 15.6.6"),
        start("HTTP/3.0", "GET / HTTP/3.0", .error(505), "RFC 9110, 15.6.6"),
        start("a request line of spaces", "   ", .error(400), "RFC 9112, 3"),
        start("no version but the space before it", "GET / ", .error(400), "RFC 9112, 2.3"),
        start("a vertical tab for a space", "GET\u{b}/ HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a form feed for a space", "GET\u{c}/ HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("a no-break space for a space", "GET\u{a0}/ HTTP/1.1", .error(400), "RFC 9112, 3"),
        start("DEL in the target", "GET /\u{7f} HTTP/1.1", .error(400), "RFC 3986, 2"),
        start(
            "an encoded CRLF is no line end", "GET /a%0d%0aX:%201 HTTP/1.1", .requests([Request("GET", "/a%0d%0aX:%201")]), "RFC 3986, 2.1"),
        start("a question mark in the query", "GET /?a?b=c? HTTP/1.1", .requests([Request("GET", "/?a?b=c?")]), "RFC 3986, 3.4"),
        start("slashes in a row", "GET //a//b HTTP/1.1", .requests([Request("GET", "//a//b")]), "RFC 3986, 3.3"),
        start("absolute-form with an IPv6 host", "GET http://[::1]:80/x HTTP/1.1", .requests([Request("GET", "/x")]), "RFC 3986, 3.2.2"),
        start("absolute-form with a port that is none", "GET http://b:8a/ HTTP/1.1", .error(400), "RFC 3986, 3.2.3"),
        start("asterisk-form with more behind it", "OPTIONS *x HTTP/1.1", .error(400), "RFC 9112, 3.2.4"),
    ]

    static let peersFields: [FramingCase] = [
        line("a CR in place of a dash in a name", "Content\rLength: 5", .error(400), "RFC 9112, 2.2"),
        line("a NUL in a name", "X-\0A: 1", .error(400), "RFC 9110, 5.1"),
        line("an escape in a name", "X-\u{1b}A: 1", .error(400), "RFC 9110, 5.1"),
        line("a brace in a name", "X-{A}: 1", .error(400), "RFC 9110, 5.6.2"),
        line("brackets in a name", "X-A[]: 1", .error(400), "RFC 9110, 5.6.2"),
        line("a quote in a name", "\"X\": 1", .error(400), "RFC 9110, 5.6.2"),
        line("all token characters in a name", "!#$%&'*+-.^_`|~: 1", get, "RFC 9110, 5.6.2"),
        line("a colon in a value", "X-A: http://b:80/", get, "RFC 9110, 5.5"),
        line("a BEL in a value", "X-A: a\u{7}", .error(400), "RFC 9110, 5.5"),
        line("an escape in a value", "X-A: a\u{1b}", .error(400), "RFC 9110, 5.5"),
        line("a form feed in a value", "X-A: a\u{c}", .error(400), "RFC 9110, 5.5"),
        line("a tab within a value", "X-A: a\tb", get, "RFC 9110, 5.5"),
        line("a line of spaces", "   ", .error(400), "RFC 9112, 5.2"),
        line("a long name of a field", "\(String(repeating: "x", count: 1000)): 1", get, "RFC 9110, 5.1"),
        FramingCase("a CR before the last line", "GET / HTTP/1.1\r\nHost: a\r\n\rX-A: 1\r\n\r\n", .error(400), "RFC 9112, 2.2"),
        FramingCase("CRs for line ends", "GET / HTTP/1.1\rHost: a\r\r", .error(400), "RFC 9112, 2.2"),
        FramingCase("LFs for line ends", "GET / HTTP/1.1\nHost: a\n\n", .error(400), "RFC 9112, 2.2, the strict reading"),
        FramingCase("a name of a Host in another case", "GET / HTTP/1.1\r\nhOsT:\ta\t\r\n\r\n", get, "RFC 9110, 5.1"),
        FramingCase("equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("a Host with a scheme", "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", .error(400), "RFC 9110, 7.2"),
        FramingCase("a Host with an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .error(400), "RFC 3986, 3.2.2"),
        FramingCase("a Host with a NUL", "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", .error(400), "RFC 9110, 5.5"),
        FramingCase(
            "a Host beside an absolute-form", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", get, "RFC 9112, 3.2.2: the target wins"),
        FramingCase("an absolute-form without a Host", "GET http://b/ HTTP/1.1\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        line("an offer to upgrade", "Connection: Upgrade\r\nUpgrade: websocket", get, "RFC 9110, 7.8: it may be ignored"),
        line("an offer of HTTP/2", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA", get, "RFC 9110, 7.8"),
        line("keep-alive is no close", "Connection: keep-alive", get, "RFC 9112, 9.3"),
        line("a close in part of a word", "Connection: closed, not-close", get, "RFC 9110, 7.6.1"),
        line(
            "close wins", "Connection: keep-alive\r\nConnection: close", .requests([Request("GET", "/", keepAlive: false)]), "RFC 9112, 9.3"
        ),
        FramingCase(
            "HTTP/1.0 with both", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
            .requests([Request("GET", "/", keepAlive: false)]), "RFC 9112, 9.3"),
        FramingCase(
            "HTTP/1.0 with a body", "POST /p HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
            .requests([Request("POST", "/p", "hello", keepAlive: false)]), "RFC 9112, 6.2"),
    ]

    static let peersLengths: [FramingCase] = [
        length("spaces and tabs around", "\t 5 \t", "hello", .requests([Request("POST", "/p", "hello")]), "RFC 9112, 5.1"),
        length("a tab within", "1\t0", "hellohello", .error(400), "RFC 9110, 8.6"),
        length(
            "zeros that another base reads otherwise", "012", "hellohello12", .requests([Request("POST", "/p", "hellohello12")]),
            "RFC 9110, 8.6"),
        length("two zeros", "00", "", .requests([Request("POST", "/p")]), "RFC 9110, 8.6"),
        length("octal", "0o5", "hello", .error(400), "RFC 9110, 8.6"),
        length("an exponent", "1e1", "hellohello", .error(400), "RFC 9110, 8.6"),
        length("letters", "abc", "", .error(400), "RFC 9110, 8.6"),
        length("a letter behind", "5x", "hello", .error(400), "RFC 9110, 8.6"),
        length("quotes", "\"5\"", "hello", .error(400), "RFC 9110, 8.6"),
        length("a semicolon", "5;", "hello", .error(400), "RFC 9110, 8.6"),
        length("a comma alone", ",", "", .error(400), "RFC 9110, 8.6"),
        length("a list that differs", "5, 6", "hello!", .error(400), "RFC 9112, 6.3"),
        length("a list with an empty element", "5,", "hello", .error(400), "RFC 9110, 8.6"),
        length("a superscript", "\u{b2}", "hi", .error(400), "RFC 9110, 8.6"),
        length("a huge negative", "-\(String(repeating: "9", count: 30))", "", .error(400), "RFC 9110, 8.6"),
        FramingCase(
            "an underscore for the dash is another field", "POST /p HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\n",
            .requests([Request("POST", "/p")]), "RFC 9110, 5.1: names are compared whole"),
        FramingCase(
            "a length behind a folded line", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello", .error(400),
            "RFC 9112, 5.2"),
    ]

    static let peersCodings: [FramingCase] = [
        coding("a tab before", "\tchunked", .requests([Request("POST", "/c")]), "RFC 9112, 5.1"),
        coding("a space behind", "chunked ", .requests([Request("POST", "/c")]), "RFC 9112, 5.1"),
        coding("identity, chunked", "identity, chunked", .error(501), "RFC 9112, 6.1"),
        coding("gzip and chunked on two lines", "gzip\r\nTransfer-Encoding: chunked", .error(501), "RFC 9112, 6.1"),
        coding("chunked and gzip on two lines", "chunked\r\nTransfer-Encoding: gzip", .error(400), "RFC 9112, 6.3"),
        coding("words without a comma", "chunked chunked", .error(400), "RFC 9112, 6.3"),
        coding("words run together", "chunkedchunked", .error(400), "RFC 9112, 6.3"),
        coding("a folded line", "\r\n chunked", .error(400), "RFC 9112, 5.2"),
        coding("a letter that lower case maps to k", "chun\u{212a}ed", .error(400), "RFC 9112, 6.3: case is that of ASCII"),
        coding("a NUL behind", "chunked\0", .error(400), "RFC 9110, 5.5"),
        FramingCase(
            "coding: a space before the colon", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", .error(400),
            "RFC 9112, 5.1"),
        FramingCase(
            "coding: an underscore for the dash is another field",
            "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer_Encoding: chunked\r\n\r\nhello", hello,
            "RFC 9110, 5.1: names are compared whole"),
        FramingCase(
            "coding: a length that would smuggle a request",
            "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            .error(400), "RFC 9112, 11.2"),
    ]

    static let peersChunks: [FramingCase] = [
        chunked("a name alone", "5;a\r\nhello\r\n0\r\n\r\n", hello, "RFC 9112, 7.1.1"),
        chunked("spaces around an extension", "5 ; a = b\t;c\r\nhello\r\n0\r\n\r\n", hello, "RFC 9112, 7.1.1: bad white space"),
        chunked("quotes within quotes", "5;a=\"b\\\"; c\";d\r\nhello\r\n0\r\n\r\n", hello, "RFC 9110, 5.6.4"),
        chunked("an empty quoted value", "5;a=\"\"\r\nhello\r\n0\r\n\r\n", hello, "RFC 9110, 5.6.4"),
        chunked("a semicolon without an extension", "5;\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("two semicolons", "5;;a\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("an equals sign without a name", "5;=b\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("an equals sign without a value", "5;a=\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a name that is no token", "5;a[]=b\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a value that is no token", "5;a=b@c\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("quotes that do not end", "5;a=\"b\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9110, 5.6.4"),
        chunked("quotes that end in a backslash", "5;a=\"b\\\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9110, 5.6.4"),
        chunked("text behind quotes", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a space behind an extension", "5;a \r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a comma for a semicolon", "5,a\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a NUL in an extension", "5;a\0\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("a bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1.1"),
        chunked("an unknown letter in a size", "5g\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a tab before a size", "\t5\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("a size of nought with a sign", "+0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("data longer than its size", "4\r\nhello\r\n0\r\n\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("no last chunk", "5\r\nhello\r\n", .incomplete, "RFC 9112, 8"),
        chunked("the last chunk without its line end", "5\r\nhello\r\n0", .incomplete, "RFC 9112, 8"),
        chunked(
            "a length in the trailers", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n", hello, "RFC 9110, 6.5.1: dropped, never merged"),
        chunked("a coding in the trailers", "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", hello, "RFC 9110, 6.5.1"),
        chunked("a Host in the trailers", "5\r\nhello\r\n0\r\nHost: b\r\n\r\n", hello, "RFC 9110, 6.5.1"),
        chunked("a token in the trailers", "5\r\nhello\r\n0\r\nAuthorization: Bearer b\r\n\r\n", hello, "RFC 9110, 6.5.1"),
        chunked("a NUL in a trailer", "0\r\nX: a\0\r\n\r\n", .error(400), "RFC 9110, 5.5"),
    ]

    static let peers = peersRequestLines + peersFields + peersLengths + peersCodings + peersChunks

    private static func length(_ name: String, _ value: String, _ body: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase("length: \(name)", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: \(value)\r\n\r\n\(body)", verdict, rule)
    }

    private static func coding(_ name: String, _ value: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase("coding: \(name)", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(value)\r\n\r\n0\r\n\r\n", verdict, rule)
    }
}
