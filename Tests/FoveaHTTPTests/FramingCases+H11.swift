/// The requests of h11's own tests (`test_io`, `test_connection`, `test_headers`), one for one where they are a server's to read, in bytes of ours; where we
/// decide otherwise, the rule says so and why. Left out is what has no bytes of a request: its client's side, its writers and its states.
extension FramingCase {
    private static let get = Verdict.requests([Request("GET", "/")])
    private static let older = Verdict.requests([Request("GET", "/a", keepAlive: false)])
    private static let oneZero = Verdict.requests([Request("GET", "/", keepAlive: false)])

    static let h11: [FramingCase] = h11Heads + h11Headers + h11Lengths + h11Chunks

    private static let h11Heads: [FramingCase] = [
        FramingCase(
            "h11: a request that closes", "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            .requests([Request("GET", "/a", keepAlive: false)]), "RFC 9112, 9.6"),
        FramingCase("h11: HTTP/1.0 with a field", "GET /a HTTP/1.0\r\nX: y\r\n\r\n", older, "RFC 9112, 3"),
        FramingCase("h11: HTTP/1.0 without a field", "GET /a HTTP/1.0\r\n\r\n", older, "RFC 9112, 3"),
        FramingCase("h11: text behind the version", "GET /a HTTP/1.1 xxx\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3"),
        FramingCase("h11: a NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: a space in the target", "GET /\u{20} HTTP/1.1\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: DEL in the target", "GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: a byte above ASCII in the target", "GET /\u{ee} HTTP/1.1\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: a NUL before anything else is told at once", "\0", .error(400), "RFC 9112, 2.2"),
        FramingCase(
            "h11: a space before anything else", " ", .incomplete,
            "h11 says 400 at once, we at the line's end; RFC 9112, 3, asks for neither"),
        FramingCase(
            "h11: pipelined requests with bodies",
            "GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345GET /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n67890GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            .requests([Request("GET", "/1", "12345"), Request("GET", "/2", "67890"), Request("GET", "/3")]), "RFC 9112, 9.3.2"),
        FramingCase(
            "h11: pipelined behind more than a header may hold",
            "GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n\(String(repeating: "X", count: 40_000))GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            .requests([Request("GET", "/1", String(repeating: "X", count: 40_000)), Request("GET", "/2")]), "RFC 9112, 9.3.2"),
        FramingCase(
            "h11: a long value within the limit", "GET / HTTP/1.0\r\nBig: \(String(repeating: "a", count: 4_000))\r\n\r\n", oneZero,
            "RFC 9110, 5.4"),
        FramingCase(
            "h11: a value without an end", "GET / HTTP/1.0\r\nEndless: \(String(repeating: "a", count: 33_000))", .error(431),
            "RFC 6585, 5"),
        FramingCase(
            "h11: CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: 1\r\n\r\n1", .error(501),
            "h11 leaves it to the server; we are no proxy (RFC 9110, 9.3.6)"),
        FramingCase(
            "h11: an upgrade that is not taken", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: a, b\r\nConnection: upgrade\r\n\r\n", get,
            "RFC 9110, 7.8"),
        FramingCase(
            "h11: keep-alive of HTTP/1.0", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", get,
            "h11 always closes; RFC 9112, 9.3, lets a server keep it"),
        FramingCase(
            "h11: a list with holes that asks for the end",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nconnectiON: fOo,, , BAR\r\n\r\n",
            .requests([Request("GET", "/", keepAlive: false)]), "RFC 9110, 5.6.1.2"),
        line("h11: an expectation in other letters", "Expect: 100-Continue", get, "RFC 9110, 10.1.1"),
        line("h11: an expectation that is none", "Expect: 200-continue", .error(417), "h11 passes it on; RFC 9110, 10.1.1"),
    ]

    private static let h11Headers: [FramingCase] = [
        FramingCase(
            "h11: folded lines", "GET /a HTTP/1.1\r\nHost: a\r\nSome: more\r\n lines\r\n\tyet\r\n    \t   \t\tone\r\n\r\n", .error(400),
            "h11 replaces the folds; RFC 9112, 5.2, lets a server refuse them"),
        FramingCase("h11: a first field that is folded", "GET /a HTTP/1.1\r\n  folded: b\r\n\r\n", .error(400), "RFC 9112, 2.2"),
        line("h11: spaces before a colon", "X  : b", .error(400), "RFC 9112, 5.1"),
        line("h11: a tab before a colon", "X\t: b", .error(400), "RFC 9112, 5.1"),
        line("h11: no name", ": b", .error(400), "RFC 9112, 5"),
        line("h11: a space in a name", "foo bar: baz", .error(400), "RFC 9110, 5.1"),
        line("h11: a NUL in a name", "foo\0bar: baz", .error(400), "RFC 9110, 5.1"),
        line("h11: a byte above ASCII in a name", "foo\u{ff}bar: baz", .error(400), "RFC 9110, 5.1"),
        line("h11: a control character in a name", "foo\u{1}bar: baz", .error(400), "RFC 9110, 5.1"),
        line("h11: a CR in a value", "foo: bar\rbaz", .error(400), "RFC 9110, 5.5"),
        line("h11: a LF in a value", "foo: bar\nbaz", .error(400), "RFC 9110, 5.5"),
        line("h11: a NUL in a value", "foo: bar\0baz", .error(400), "RFC 9110, 5.5"),
        line("h11: white space around a value", "foo: \t barbaz \t ", get, "RFC 9112, 5.1"),
        line("h11: a value of white space", "foo: \t \t ", get, "RFC 9112, 5.1"),
        line("h11: words and spaces", "foo: a a  a a a ", get, "RFC 9112, 5.1"),
        line(
            "h11: a control character in a value", "Cookie: a=k\u{1}U; b=c", .error(400),
            "h11 takes it, since some sites send it; RFC 9110, 5.5: invalid"),
        FramingCase("h11: a NUL in the Host", "GET /a HTTP/1.1\r\nHost: foo\0bar\r\n\r\n", .error(400), "RFC 9110, 5.5"),
        FramingCase("h11: no Host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase("h11: two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .error(400), "RFC 9112, 3.2"),
        FramingCase(
            "h11: one line end of LF", "GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n", .error(400),
            "h11 takes a LF for a line end; RFC 9112, 2.2, the strict reading"),
        FramingCase("h11: line ends of LF", "GET / HTTP/1.1\nHost: a\nX: y\n\n", .error(400), "RFC 9112, 2.2, the strict reading"),
        FramingCase("h11: line ends of LF but the last", "GET / HTTP/1.1\nHost: a\nX: y\n\r\n", .error(400), "RFC 9112, 2.2"),
    ]

    private static let h11Lengths: [FramingCase] = [
        FramingCase(
            "h11: a body", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789",
            .requests([Request("POST", "/p", "0123456789")]), "RFC 9112, 6.2"),
        length("letters", "asdf", .error(400), "RFC 9110, 8.6"),
        length("a letter behind", "1x", .error(400), "RFC 9110, 8.6"),
        length("two that differ", "1\r\nContent-Length: 2", .error(400), "RFC 9112, 6.3"),
        length("three of which one differs", "1\r\nContent-Length: 1\r\nContent-Length: 2", .error(400), "RFC 9112, 6.3"),
        length("two that agree", "0\r\nContent-Length: 0", .error(400), "h11 takes them as one, as RFC 9110, 8.6, allows; we do not"),
        length("a list that agrees", "0 , 0", .error(400), "h11 takes them as one, as RFC 9110, 8.6, allows; we do not"),
        length("a list that differs", "1 , 1,2", .error(400), "RFC 9112, 6.3"),
        length("21 digits", String(repeating: "1", count: 21), .error(413), "h11 says 400; RFC 9110, 15.5.14"),
        FramingCase(
            "h11: coding: in other letters", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: cHuNkEd\r\n\r\n0\r\n\r\n",
            .requests([Request("POST", "/c")]), "RFC 9112, 7"),
        FramingCase(
            "h11: coding: gzip", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", .error(400),
            "h11 says 501; RFC 9112, 6.3: 400 where the body has no end"),
        FramingCase(
            "h11: coding: gzip behind chunked",
            "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n",
            .error(400), "h11 says 501; RFC 9112, 6.3: 400 where the body has no end"),
    ]

    private static let h11Chunks: [FramingCase] = [
        chunked("h11: the last chunk alone", "0\r\n\r\n", .requests([Request("POST", "/c")]), "RFC 9112, 7.1"),
        chunked("h11: a trailer", "0\r\nSome: field\r\n\r\n", .requests([Request("POST", "/c")]), "RFC 9112, 7.1.2"),
        chunked(
            "h11: two chunks and a trailer", "5\r\n01234\r\n10\r\n0123456789abcdef\r\n0\r\nSome: field\r\n\r\n",
            .requests([Request("POST", "/c", "012340123456789abcdef")]), "RFC 9112, 7.1"),
        chunked(
            "h11: a size in letters of both cases", "aA\r\n\(String(repeating: "x", count: 0xaa))\r\n0\r\n\r\n",
            .requests([Request("POST", "/c", String(repeating: "x", count: 0xaa))]), "RFC 9112, 7.1"),
        chunked("h11: a size of a hundred digits", "\(String(repeating: "9", count: 100))\r\nxxx", .error(400), "RFC 9112, 7.1"),
        chunked("h11: a NUL behind a size", "10\0\r\nxxx", .error(400), "RFC 9112, 7.1"),
        chunked(
            "h11: an extension", "5; hello=there\r\nxxxxx\r\n0; random=\"junk\"; some=more; canbe=lonnnnngg\r\n\r\n",
            .requests([Request("POST", "/c", "xxxxx")]), "RFC 9112, 7.1.1"),
        chunked(
            "h11: white space behind a size", "5   \t \r\n01234\r\n0\r\n\r\n", .error(400),
            "h11 takes it, since some servers send it; RFC 9112, 7.1, has none there"),
        chunked("h11: two bytes that are no line end", "3\r\nxxx__1a\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("h11: a CR alone behind the data", "3\r\nxxx\r_1a\r\n", .error(400), "RFC 9112, 7.1"),
        chunked("h11: a LF alone behind the data", "3\r\nxxx_\n1a\r\n", .error(400), "RFC 9112, 7.1"),
    ]

    private static func length(_ name: String, _ value: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase("h11: length: \(name)", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: \(value)\r\n\r\n", verdict, rule)
    }
}
