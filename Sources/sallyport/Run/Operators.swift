import Proxy
import Synchronization

/// By whom operators are answered; nobody, where that is not configured and until an upgrade's former process has stopped.
final class Operators: Sendable {
    private let admin: Mutex<AdminServer?>

    init(_ admin: AdminServer?) {
        self.admin = Mutex(admin)
    }

    func set(_ admin: AdminServer?) {
        self.admin.withLock { $0 = admin }
    }

    /// They are answered no longer.
    func stop() {
        let admin = admin.withLock { admin in
            defer { admin = nil }
            return admin
        }
        admin?.stop()
    }
}
