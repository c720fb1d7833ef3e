import Testing

@testable import FoveaZoo
