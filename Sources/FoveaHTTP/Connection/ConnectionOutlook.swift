import FoveaSystem

/// What a connection waits for.
struct ConnectionOutlook {
    /// Whether bytes should be read from the socket.
    var wantsInput: Bool
    /// How many of the next bytes may be thrown away unseen.
    var skippable: Int
    /// Whether nothing is under way.
    var isIdle: Bool
    /// When `timePassed` is to be called.
    var deadline: Instant?
}

extension ConnectionState {
    /// What the connection waits for, at one go and several times a request. It is called in place, as mutating methods are; any other would be handed a
    /// copy of the whole value, which costs more than what it tells.
    @inline(never)
    mutating func outlook() -> ConnectionOutlook {
        ConnectionOutlook(wantsInput: wantsInput, skippable: skippable, isIdle: isIdle, deadline: deadline)
    }
}
