/// Who may use a route. What that takes is the router's `authorize` to say.
public enum RouteAccess: Sendable, Hashable {
    /// Anybody: probes, which bring no credentials.
    case open
    /// Whoever may use the server.
    case user
    /// Whoever may change what is served.
    case admin
}
