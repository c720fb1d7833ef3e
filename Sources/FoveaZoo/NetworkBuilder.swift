/// Reads a network's arguments and returns the module that they describe.
typealias NetworkBuilder = @Sendable (_ arguments: inout ArgumentReader, _ configuration: ModelConfiguration) throws -> any Module
