import Addressing

/// SOCKS version 5, as a server reads and writes it. Spec: RFC 1928.
public enum SOCKS5 {
    /// The first byte of every message.
    public static let version: UInt8 = 5

    /// An authentication method. Spec: RFC 1928 §3.
    public enum Method: UInt8, Sendable, CaseIterable {
        case noAuthentication = 0x00
        /// Spec: RFC 1929.
        case usernamePassword = 0x02
        /// Sent by a server only: the client must close.
        case noneAcceptable = 0xff
    }

    /// What the client wants. Spec: RFC 1928 §4.
    public enum Command: UInt8, Sendable, CaseIterable {
        case connect = 1
        case bind = 2
        case udpAssociate = 3
    }

    /// The REP field of a reply. Spec: RFC 1928 §6.
    public enum Reply: UInt8, Sendable, CaseIterable {
        case succeeded = 0
        case generalFailure = 1
        case connectionNotAllowed = 2
        case networkUnreachable = 3
        case hostUnreachable = 4
        case connectionRefused = 5
        case ttlExpired = 6
        case commandNotSupported = 7
        case addressTypeNotSupported = 8
    }

    /// The ATYP field. Spec: RFC 1928 §5.
    enum AddressType: UInt8 {
        case v4 = 1
        case name = 3
        case v6 = 4
    }

    /// DST.ADDR as it stood in the request.
    public enum Destination: Hashable, Sendable {
        case address(IPAddress)
        /// 1–255 bytes, untouched: they may be no name at all, or spell an address. `Host(parsing:)` judges them.
        case name([UInt8])
    }
}
