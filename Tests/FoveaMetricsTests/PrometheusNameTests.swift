import Testing

@testable import FoveaMetrics

@Suite struct PrometheusNameTests {
    @Test(arguments: [
        ("http_requests_total", "http_requests_total"), ("ns:jobs", "ns:jobs"), ("http.requests-total", "http_requests_total"),
        ("9lives", "_9lives"),
        ("", "_"), ("größe", "gr__e"), ("a b\n{}\"", "a_b____"), ("e\u{301}", "e_"), ("__name__", "__name__"),
    ])
    func metrics(text: String, name: String) {
        #expect(PrometheusName.metric(text) == name)
    }

    @Test(arguments: [
        ("model", "model"), ("ns:model", "ns_model"), ("1", "_1"), ("", "_"), ("le", "exported_le"), ("__name__", "exported___name__"),
        ("--x", "exported___x"), ("less", "less"),
    ])
    func labels(text: String, name: String) {
        #expect(PrometheusName.label(text) == name)
    }
}
