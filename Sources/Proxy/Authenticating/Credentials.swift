import AccessLog
import Wire

/// What a client says of who it is, not checked yet. Held as short as can be, and never logged whole.
struct Credentials: Sendable {
    var name: [UInt8]
    var password: [UInt8]
    let method: AuthMethod

    init(_ credentials: SOCKS5.Credentials) {
        name = credentials.userName
        password = credentials.password
        method = .socks5
    }

    init(_ credentials: HTTP1.BasicCredentials) {
        name = credentials.userName
        password = credentials.password
        method = .basic
    }
}

/// Who a client has shown to be, or what it claimed and did not show: one object for all requests that share it.
final class Identity: Sendable {
    enum Result: String, Sendable {
        case ok
        /// Credentials are needed, and there are none.
        case missing
        /// They can't be read, or are of a scheme that is not taken.
        case malformed
        /// There is no such user, or the password is another one; which of the two nobody is told.
        case wrong
        /// Too many from this address were wrong lately; these were not looked at.
        case lockedOut = "locked_out"
        /// Too many passwords are being verified already.
        case busy
    }

    /// Nil unless the result is `ok`.
    let user: String?
    /// The name that was given with credentials that led nowhere.
    let claimed: [UInt8]
    let method: AuthMethod
    let result: Result

    init(user: String, _ method: AuthMethod) {
        self.user = user
        claimed = []
        self.method = method
        result = .ok
    }

    /// Nothing was checked.
    init(claimed: [UInt8]) {
        user = nil
        self.claimed = claimed
        method = .none
        result = .ok
    }

    init(_ result: Result, claimed: [UInt8] = [], _ method: AuthMethod = .none) {
        user = nil
        self.claimed = claimed
        self.method = method
        self.result = result
    }
}
