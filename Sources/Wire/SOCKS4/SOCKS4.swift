import Addressing

/// SOCKS version 4 and its extension 4A, as a server reads and writes them.
///
/// Spec: "SOCKS: A protocol for TCP proxy across firewalls" (Ying-Da Lee) and "SOCKS 4A: A Simple Extension to SOCKS 4
/// Protocol"; neither is an RFC.
public enum SOCKS4 {
    /// The first byte of a request.
    public static let version: UInt8 = 4
    /// The most bytes of a user id that are read, the NUL not counted. The protocol sets no bound.
    public static let maxUserIDBytes = 255
    /// The most bytes of a 4A name that are read, the NUL not counted.
    public static let maxNameBytes = 255

    public enum Command: UInt8, Sendable, CaseIterable {
        case connect = 1
        case bind = 2
    }

    /// The CD field of a reply.
    public enum Reply: UInt8, Sendable, CaseIterable {
        case granted = 90
        case rejected = 91
        /// The client runs no identd; never sent by us, who ask none.
        case identUnreachable = 92
        /// identd says another user.
        case identMismatch = 93
    }

    public enum Destination: Hashable, Sendable {
        case address(IPAddress)
        /// A 4A name: 1–255 bytes without NUL, untouched. `Host(parsing:)` judges them.
        case name([UInt8])
    }
}
