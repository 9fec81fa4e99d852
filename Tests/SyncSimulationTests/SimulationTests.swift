import SyncSimulation
import Testing

@Suite("A simulation")
struct SimulationTests {
    @Test("of one seed takes the same steps twice, whatever ran before", arguments: [3, 19] as [UInt64])
    func repeatable(seed: UInt64) {
        let scenario = Scenario(seed: seed, faults: Set(FaultKind.allCases))
        let first = Simulation().run(scenario)
        let busy = Simulation()
        _ = busy.run(Scenario(seed: seed + 1, faults: []))
        #expect(busy.run(scenario).trace == first.trace)
        #expect(first.violation == nil)
    }

    @Test("of another seed takes other steps")
    func different() {
        let simulation = Simulation()
        let traces = [5, 6].map { simulation.run(Scenario(seed: $0, faults: [])).trace }
        #expect(traces[0] != traces[1])
    }

    @Test("without faults keeps all promises, and makes and applies changes")
    func calm() {
        let outcome = Simulation().run(Scenario(seed: 11, faults: []))
        #expect(outcome.violation == nil)
        #expect(outcome.counts.faults == 0)
        #expect(outcome.counts.changes > 50 && outcome.counts.applied > 50 && outcome.counts.syncs > 5)
    }

    @Test("of one kind of fault alone keeps all promises", arguments: FaultKind.allCases)
    func alone(kind: FaultKind) {
        var scenario = Scenario(seed: 23, faults: [kind])
        (scenario.readers, scenario.devices, scenario.rounds, scenario.steps) = (1, 3, 1, 60)
        #expect(Simulation().run(scenario).violation == nil)
    }

    @Test("keeps what happened as text if it is asked to, and takes the same steps with it")
    func text() {
        let scenario = Scenario(seed: 4, faults: [.drop, .crash])
        let silent = Simulation().run(scenario)
        let told = Simulation().run(scenario, keepsText: true)
        #expect(silent.lines.isEmpty && told.lines.count > 100)
        #expect(silent.trace == told.trace)
    }
}

@Suite("A scenario")
struct ScenarioTests {
    @Test("follows from its seed, and stays within its limits")
    func drawn() {
        for seed in 0..<500 as Range<UInt64> {
            let scenario = Scenario(seed: seed, faults: [])
            #expect(scenario == Scenario(seed: seed, faults: []))
            #expect((1...Scenario.mostReaders).contains(scenario.readers))
            #expect((1...Scenario.mostDevices).contains(scenario.devices))
        }
        #expect(Set((0..<5_000).map { Scenario(seed: $0, faults: []).readers }).count == Scenario.mostReaders)
        #expect(Set((0..<500).map { Scenario(seed: $0, faults: []).devices }).count == Scenario.mostDevices)
    }

    @Test("is written as the options that make it")
    func options() {
        var scenario = Scenario(seed: 7, faults: [.drop, .crash])
        scenario.readers = 8
        scenario.skipped = [1, 4, 5, 6]
        #expect(scenario.options == "--seed 7 --faults drop,crash --readers 8 --skip 1,4-6")
        #expect(Scenario(seed: 7, faults: Set(FaultKind.allCases)).options == "--seed 7 --faults all")
        #expect(Scenario.faults(in: "drop,crash") == [.drop, .crash])
        #expect(Scenario.numbers(in: "1,4-6") == [1, 4, 5, 6])
    }

    @Test("is not made of what names no fault or no numbers")
    func wrong() {
        #expect(Scenario.faults(in: "drop,dorp") == nil)
        #expect(Scenario.numbers(in: "5-3") == nil && Scenario.numbers(in: "a") == nil)
    }

    @Test("of a swarm has some of the faults, and not always the same")
    func swarm() {
        let sets = Set((0..<50).map { Scenario.swarm($0).faults })
        #expect(sets.count > 40)
        #expect(sets.allSatisfy { $0.count < FaultKind.allCases.count })
    }
}

@Suite("A shrinker")
struct ShrinkerTests {
    @Test("leaves an outcome alone that broke nothing")
    func holds() {
        let simulation = Simulation()
        let outcome = simulation.run(Scenario(seed: 5, faults: []))
        #expect(Shrinker(simulation).shrink(outcome).scenario == outcome.scenario)
    }
}
