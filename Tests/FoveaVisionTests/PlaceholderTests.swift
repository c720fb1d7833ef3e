import Testing

@testable import FoveaVision
