import Testing

@testable import FoveaServing
