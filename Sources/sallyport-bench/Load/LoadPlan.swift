import Addressing

/// A load: how many clients do what, through which proxy.
struct LoadPlan: Sendable {
    enum Exchange: Sendable {
        /// Connect, negotiate, 64 bytes there and back, close; over and over. An operation is one such tunnel.
        case echoOnce
        /// 64 bytes there and back, over and over. An operation is one round trip.
        case echoRepeatedly
        /// As many bytes as will go, from the origin to the client, the other way, or both at once.
        case receive, send, both
        /// Open, then silence. An operation is one tunnel opened.
        case hold
        /// Ask for what the policy denies, be told so, close; over and over.
        case refusal
        /// GET on a kept connection, over and over. An operation is one answer, whole.
        case request
        /// Datagrams through a UDP association, there and back, a few at a time. An operation is one round trip.
        case datagrams
    }

    /// Where the client connects to.
    let proxy: Endpoint
    let dialect: Dialect
    /// Whom it asks for.
    let destination: Destination
    let exchange: Exchange
    /// Clients at work at the same time.
    let clients: Int
    /// Operations a second, all clients together; nil for as many as will go.
    var pace: Double?
    /// What requests are to be answered with.
    var status = 200
    /// Of the user by whom requests are made: a Basic credential, encoded.
    var credentials: String?
    var source = Source.own
    /// Whether it is there to see how others fare beside it: counted apart.
    var isCompany = false

    /// Where the clients' connections come from.
    enum Source: Sendable {
        /// This machine's usual address.
        case own
        case address(IPAddress)
        /// A loopback address of its own for each connection.
        case many
    }
}

/// Whom a client asks the proxy for.
enum Destination: Sendable {
    case endpoint(Endpoint)
    case name(String, Port)
    /// A different name each time: a number, and this behind it.
    case numbered(String, Port)
}
