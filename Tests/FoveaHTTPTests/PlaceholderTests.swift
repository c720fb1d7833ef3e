import Testing

@testable import FoveaHTTP
