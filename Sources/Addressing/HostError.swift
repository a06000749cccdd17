/// Why bytes are no host. The client sees a refusal as malformed (HTTP 400, SOCKS reply 1); nothing is looked up.
public enum HostError: Error, Hashable, Sendable {
    /// No bytes at all.
    case empty
    /// Two dots in a row, a dot in front, or nothing but dots.
    case emptyLabel
    /// More than 63 bytes between two dots.
    case labelTooLong
    /// More than 253 bytes, trailing dots not counted.
    case nameTooLong
    /// A byte that no host name holds: a control, a space, `%`, NUL, raw non-ASCII.
    case invalidByte(UInt8)
    /// A character outside ASCII, in a policy, that lower-casing alone doesn't bring into the form that DNS has.
    case unmappedCharacter(Unicode.Scalar)
    /// `inet_aton` could read it as an address (decimal, octal, hexadecimal, fewer than four parts): write it plainly.
    case numericName
    /// Something other than an IPv6 address between brackets.
    case invalidBrackets
    /// An IPv6 address with `%zone`: its meaning ends at the machine that wrote it.
    case zoneIdentifier
    /// `0.0.0.0` or `::`.
    case unspecifiedAddress
    /// `user@host`: credentials don't belong in an authority.
    case userInformation
    /// No `:port` where one is needed.
    case missingPort
    /// Not 1–65535 in plain decimal.
    case invalidPort
}

extension HostError: CustomStringConvertible {
    /// What an operator or a client reads.
    public var description: String {
        switch self {
        case .empty: "the host is empty"
        case .emptyLabel: "the host name has an empty label"
        case .labelTooLong: "a label of the host name is longer than 63 bytes"
        case .nameTooLong: "the host name is longer than 253 bytes"
        case .invalidByte(let byte): "the host holds the byte 0x\(String(byte, radix: 16)), which no host name has"
        case .unmappedCharacter(let scalar):
            "the host holds U+\(String(scalar.value, radix: 16, uppercase: true)), which has no one form in DNS; "
                + "write the label in its xn-- form"
        case .numericName: "the host is a number in a form other than a dotted quad"
        case .invalidBrackets: "the brackets hold no IPv6 address"
        case .zoneIdentifier: "the address has a zone identifier"
        case .unspecifiedAddress: "the unspecified address is no destination"
        case .userInformation: "the authority holds user information"
        case .missingPort: "the port is missing"
        case .invalidPort: "the port is not a number from 1 to 65535"
        }
    }
}
