import Testing

@testable import FoveaGraph
