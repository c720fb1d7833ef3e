/// Where a registry keeps a series.
struct SeriesID: Sendable {
    /// The family's name.
    let family: String
    let labels: LabelSet
}
