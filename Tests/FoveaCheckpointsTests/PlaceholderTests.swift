import Testing

@testable import FoveaCheckpoints
