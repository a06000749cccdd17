import Addressing

/// What the proxy's own pages are told of it.
public struct PageSettings: Sendable {
    /// Of the program.
    public var version = ""
    /// Further names and addresses by which clients reach the proxy: a browser that asks for its pages by any other is told
    /// that it is wrong, so that no other site can have them by giving its own name the proxy's address.
    public var names: [Host] = []
    public var automatic = AutomaticConfiguration()

    public init() {}
}
