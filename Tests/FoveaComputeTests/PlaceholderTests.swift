import Testing

@testable import FoveaCompute
