/// Counts the names that come most often, in the room of so many names.
///
/// Of `n` that were counted no name is off by more than `n / room`, and every name with more than that is there. Exact as
/// long as there are no more names than room.
///
/// Spec: Metwally, Agrawal, El Abbadi: "Efficient Computation of Frequent and Top-k Elements in Data Streams" (2005),
/// "space saving".
struct HeavyHitters {
    private struct Place {
        var name: String
        /// At most how often it came.
        var count: UInt64
        /// By how much less it may have been.
        var error: UInt64
    }

    private let room: Int
    private var places: [Place] = []
    private var indices: [String: Int] = [:]
    /// What a name had at most that has lost its place: none that is not there came more often.
    private var floor: UInt64 = 0
    /// Of all names together.
    private(set) var total: UInt64 = 0

    init(room: Int) {
        self.room = room
    }

    mutating func add(_ name: String, _ count: UInt64 = 1) {
        total += count
        if let index = indices[name] {
            places[index].count += count
        } else if places.count < room {
            indices[name] = places.count
            places.append(Place(name: name, count: count, error: 0))
        } else {
            takePlace(of: rarest, name, count)
        }
    }

    var names: some Collection<String> { places.lazy.map(\.name) }

    /// Between which bounds the name's count is.
    func bounds(_ name: String) -> ClosedRange<UInt64> {
        guard let index = indices[name] else { return 0...floor }
        return (places[index].count - places[index].error)...places[index].count
    }

    // MARK: - Private

    /// Looked for only where a name comes for which there is no room: some hundred comparisons.
    private var rarest: Int {
        var rarest = 0
        for index in places.indices where places[index].count < places[rarest].count { rarest = index }
        return rarest
    }

    private mutating func takePlace(of index: Int, _ name: String, _ count: UInt64) {
        indices[places[index].name] = nil
        indices[name] = index
        // The smallest count never falls.
        floor = places[index].count
        places[index] = Place(name: name, count: floor + count, error: floor)
    }
}
