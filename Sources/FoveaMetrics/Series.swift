/// The numbers of one label set of a family. Recording is callable from any thread, and series share no lock.
protocol Series: AnyObject, Sendable {
    static var kind: MetricKind { get }
    var id: SeriesID { get }
    func write(to text: inout MetricsText)
}
