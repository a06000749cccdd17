import Addressing

/// The name under which the proxy itself can be reached through itself: for its own pages, and for nothing else. It is
/// never looked up and never dialled, in whichever way it is asked for.
///
/// `.internal` is nobody's in the public DNS (ICANN Board resolution 2024.07.29.06).
enum OwnName {
    static let text = "sallyport.internal"
    /// Where the pages are; nothing else is there on other ports.
    static let port = Port(80)

    static func isMeant(_ host: Host) -> Bool {
        guard case .name(let name) = host else { return false }
        // The length alone tells nearly all other names apart.
        return name.text.utf8.count == text.utf8.count && name.text == text
    }
}
