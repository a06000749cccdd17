import Testing

@testable import EventLoop

@Suite("Registrations")
struct RegistrationTests {
    @Test("A slot that is used again has another generation, so that who had it before is not found")
    func generations() {
        var table = RegistrationTable()
        let first = ScriptedHandler()
        let second = ScriptedHandler()
        let old = table.add(first, tag: 1)
        #expect(table.remove(old) === first)
        let new = table.add(second, tag: 2)
        #expect(new.slot == old.slot)
        #expect(new.generation != old.generation)
        #expect(Self.receiver(of: old, in: table) == nil)
        #expect(Self.receiver(of: new, in: table) === second)
        #expect(table.receiver(of: new)?.tag == 2)
    }

    @Test("A registration that has ended ends only once")
    func removesOnce() {
        var table = RegistrationTable()
        let registration = table.add(ScriptedHandler(), tag: 0)
        #expect(table.remove(registration) != nil)
        #expect(table.remove(registration) == nil)
        let next = table.add(ScriptedHandler(), tag: 0)
        #expect(table.remove(registration) == nil)
        #expect(Self.receiver(of: next, in: table) != nil)
        #expect(table.count == 1)
    }

    @Test("The kernel's 64 bits hold slot and generation, whatever their values")
    func packing() {
        let numbers: [UInt32] = [0, 1, 0x7fff_ffff, 0x8000_0000, .max - 1]
        for slot in numbers {
            for generation in numbers {
                let registration = Registration(slot: slot, generation: generation)
                #expect(Registration(packed: registration.packed) == registration)
            }
        }
    }

    @Test("Handing over changes who is called and with which tag, and ends nothing")
    func replaces() {
        var table = RegistrationTable()
        let former = ScriptedHandler()
        let heir = ScriptedHandler()
        let registration = table.add(former, tag: 1)
        #expect(table.replace(registration, with: heir, tag: 9) === former)
        #expect(Self.receiver(of: registration, in: table) === heir)
        #expect(table.receiver(of: registration)?.tag == 9)
        #expect(table.count == 1)
    }

    @Test("Ending all leaves none, and none of the old ones is found again")
    func removesAll() {
        var table = RegistrationTable()
        let old = (0..<5).map { table.add(ScriptedHandler(), tag: $0) }
        _ = table.remove(old[2])
        #expect(table.removeAll().count == 4)
        #expect(table.count == 0)
        for _ in 0..<5 { _ = table.add(ScriptedHandler(), tag: 0) }
        for registration in old { #expect(Self.receiver(of: registration, in: table) == nil) }
    }

    @Test("A registration keeps its handler, and the table keeps nobody when it goes")
    func keepsHandlers() {
        weak var kept: ScriptedHandler?
        do {
            var table = RegistrationTable()
            do {
                let handler = ScriptedHandler()
                kept = handler
                _ = table.add(handler, tag: 0)
            }
            #expect(kept != nil)
            #expect(table.count == 1)
        }
        #expect(kept == nil)
    }

    private static func receiver(
        of registration: Registration, in table: borrowing RegistrationTable
    ) -> EventHandler? {
        table.receiver(of: registration)?.handler.takeUnretainedValue()
    }
}
