import CLinux
import Glibc

/// The user as whom the program goes on once it has what only root can get.
struct Privileges {
    let name: String
    let user: uid_t
    let group: gid_t

    /// CAP_NET_BIND_SERVICE, of capabilities(7).
    private static let bindingLowPorts: UInt32 = 1 << 10

    init(_ name: String) throws(PrivilegeError) {
        guard geteuid() == 0 else {
            throw PrivilegeError("--user \(name) needs a start as root, to become \(name); this is user \(geteuid())")
        }
        guard let entry = getpwnam(name) else {
            throw PrivilegeError("--user \(name): there is no such user; a name of the system's users is needed")
        }
        guard entry.pointee.pw_uid != 0 else {
            throw PrivilegeError("--user \(name) is root itself; a user without privileges is needed")
        }
        self.name = name
        user = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
    }

    /// Does something with that user's rights, and has root's again.
    func asUser<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let isUser = initgroups(name, group) == 0 && setegid(group) == 0 && seteuid(user) == 0
        precondition(isUser, "root may be any user")
        defer {
            let isRoot = seteuid(0) == 0 && setegid(0) == 0 && setgroups(0, nil) == 0
            precondition(isRoot, "what was given up for a moment comes back")
        }
        return try body()
    }

    /// Becomes that user for good. To be called while there is one thread: later ones inherit what they may from it.
    ///
    /// - Parameter keepsLowPorts: whether ports below 1024 can still be bound.
    func drop(keepsLowPorts: Bool) throws(PrivilegeError) {
        guard initgroups(name, group) == 0, setgid(group) == 0, sallyport_keep_capabilities(keepsLowPorts ? 1 : 0) == 0,
            setuid(user) == 0, sallyport_set_capabilities(keepsLowPorts ? Self.bindingLowPorts : 0) == 0,
            sallyport_no_new_privileges() == 0
        else { throw PrivilegeError("can't become \(name): \(String(cString: strerror(errno)))") }
        let canReturn = setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0
        guard !canReturn, getuid() == user, geteuid() == user, getgid() == group, getegid() == group else {
            throw PrivilegeError("can't give up root's rights")
        }
    }

    /// Whether this process may make files in the folder of `path`.
    static func canWriteFolder(of path: String) -> Bool {
        let folder = Folder.of(path)
        // By the effective user, which access() would not ask about.
        return faccessat(AT_FDCWD, folder, W_OK | X_OK, effective) == 0
    }

    private static let effective: CInt = 0x200
}

struct PrivilegeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where a path's last name stands.
enum Folder {
    static func of(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path without links; nil if nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
