/// Requests that a list of another parser decides otherwise than we do, and why. Where the RFC leaves a choice, we refuse what two parsers could read
/// differently; where a list refuses what the RFC allows, we take it.
extension FramingCase {
    private static let get = Verdict.requests([Request("GET", "/")])

    static let differences: [FramingCase] = [
        start("a space too many", "GET   / HTTP/1.1", .error(400), "picohttpparser takes it; RFC 9112, 3, allows that and advises a 400"),
        start("a fragment behind a path", "GET /a#b HTTP/1.1", .error(400), "llhttp and gunicorn take it; RFC 9112, 3.2: no form has one"),
        start("quotes in the path", "GET /\"a\" HTTP/1.1", .error(400), "llhttp and gunicorn take it; RFC 3986, 3.3: to be encoded"),
        start(
            "UTF-8 in the path", "GET /\u{3b4} HTTP/1.1", .error(400),
            "http-parser and picohttpparser take it; RFC 3986, 2.1: to be encoded"),
        start(
            "user information in the target", "GET http://u:p@b/ HTTP/1.1", .error(400),
            "llhttp takes it; RFC 9110, 4.2.4, says to treat it as an error"),
        start("an asterisk for M-SEARCH", "M-SEARCH * HTTP/1.1", .error(400), "llhttp takes it; RFC 9112, 3.2.4: only for OPTIONS"),
        start("no version", "GET /a", .error(400), "llhttp takes HTTP/0.9; RFC 9112, 3: the version is not optional"),
        start(
            "a method that no list has", "MKCOLA / HTTP/1.1", .requests([Request("MKCOLA", "/")]),
            "llhttp and Http11Probe refuse it here; RFC 9110, 9.1: the resource decides, with 405"),
        start(
            "a method in lower case", "post / HTTP/1.1", .requests([Request("post", "/")]),
            "gunicorn refuses it; RFC 9110, 9.1: it is another method"),
        FramingCase(
            "an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", get,
            "Http11Probe wants a 400; RFC 9112, 3.3: an origin server may apply its default"),
        line("a folded value", "X-A: a\r\n b", .error(400), "picohttpparser takes it; RFC 9112, 5.2: reject, or replace by spaces"),
        line(
            "an underscore for a dash", "X_Forwarded_For: b", get,
            "gunicorn refuses it, since CGI's variables could not tell the two apart; RFC 9110, 5.6.2: a token"),
        FramingCase(
            "equal lengths in a list", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", .error(400),
            "RFC 9110, 8.6, lets a recipient take it as one; we do not"),
        FramingCase(
            "a length beyond all numbers", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", .error(413),
            "the lists want a 400; RFC 9110, 8.6: a number still, and RFC 9110, 15.5.14, has the status for it"),
        FramingCase(
            "both lengths",
            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .error(400), "h11 and http-parser, when told so, take the coding; RFC 9112, 6.1, lets a server refuse it"),
        FramingCase(
            "an empty element before chunked", "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked\r\n\r\n0\r\n\r\n", .error(501),
            "RFC 9110, 5.6.1.2, would skip it; parsers disagree about it, and no sender makes it"),
        FramingCase(
            "codings before chunked", "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: deflate, chunked\r\n\r\n0\r\n\r\n", .error(501),
            "llhttp and gunicorn hand them on; RFC 9112, 6.1: 501 for a coding that is not understood"),
        chunked(
            "forbidden names in the trailers", "0\r\nTransfer-Encoding: gzip\r\n\r\n", .requests([Request("POST", "/c")]),
            "gunicorn refuses it; RFC 9110, 6.5.1: never merged, so it may be dropped"),
        chunked(
            "line ends of LF in chunks", "5\nhello\n0\n\n", .error(400), "older lists take it; RFC 9112, 7.1: CRLF alone delimits a chunk"),
    ]
}
