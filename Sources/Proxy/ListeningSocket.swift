import Addressing
import EventLoop
import Synchronization

/// A listening socket, shared by the workers and owned by the server.
final class ListeningSocket: Sendable {
    /// Valid until `close`.
    let descriptor: CInt
    let endpoint: Endpoint
    /// Whether it takes IPv4 connections too though its address is IPv6; ours never do.
    let isDual: Bool
    private let owner: Mutex<FileDescriptor?>

    init(_ descriptor: consuming FileDescriptor) {
        endpoint = Socket.localEndpoint(of: descriptor.raw)
        self.descriptor = descriptor.raw
        isDual = Socket.takesBothFamilies(descriptor.raw)
        if endpoint.address.isLoopback { Socket.setUnpaced(descriptor.raw) }
        owner = Mutex(descriptor)
    }

    /// Refuses clients from now on. No worker may have it registered any more.
    func close() {
        owner.withLock { $0 = nil }
    }
}
