import SyncSimulation
import Testing

@Suite("Simulated disk")
struct DiskTests {
    @Test("a disk is freed with its object")
    func freed() {
        let disk = SimulatedDisk()
        #expect(disk.create("a"))
        #expect(disk.names == ["a"])
    }
}
