extension Worker {
    /// Counts a request against its client's rate; why it is refused, if it is.
    func overRate(_ trace: Trace) -> Refusal? {
        guard let limiter else { return nil }
        do throws(Refusal) {
            try limiter.request(of: trace.client.address, at: loop.now)
            return nil
        } catch {
            return error
        }
    }

    /// Counts a request of a user who is known by now; why it is refused, if it is.
    func beginUser(_ trace: inout Trace) -> Refusal? {
        guard let limiter, let user = trace.identity?.user else { return nil }
        do throws(Refusal) {
            if let place = try limiter.begin(user, at: loop.now) { trace.withNotes { $0.userPlace = place } }
            return nil
        } catch {
            return error
        }
    }
}
