import FoveaCompute

/// A plan running over the pictures of one pass.
struct PlanRun {
    let plan: Plan
    let arenas: UnsafeMutablePointer<Float>
    /// For each slot whether its picture was given up; a slot is a picture's position among those of the pass, and its arena.
    let givenUp: UnsafeMutablePointer<Bool>
    let inputs: [SessionInput]
    /// The pictures of this pass among all inputs.
    let range: Range<Int>
    /// One for each of all inputs; threads write those of different pictures at the same time.
    let outputs: UnsafeMutableBufferPointer<SessionOutput>
    let isWanted: ((Int) -> Bool)?
    /// For each slot and step the nanoseconds that it took are added here, if anybody wants to know.
    let times: UnsafeMutablePointer<Int64>?

    func run(_ lane: Lane, threads: Int) {
        let slots = 0..<range.count
        for slot in slots {
            givenUp[slot] = false
            inputs[range.lowerBound + slot].values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                (arena(slot) + plan.input).update(from: base, count: values.count)
            }
        }
        for tap in plan.inputTaps { for slot in slots { copy(tap, slot) } }
        for stretch in plan.stretches {
            if stretch.isTogether || slots.count == 1 {
                run(stretch.steps, slots, lane)
            } else {
                runApart(stretch.steps, slots, lane, threads: threads)
            }
        }
        for slot in slots where !givenUp[slot] {
            let logits = UnsafeBufferPointer(start: arena(slot) + plan.output, count: plan.numClasses)
            outputs[range.lowerBound + slot].logits = Array(logits)
        }
    }

    /// As many pictures at a time as there are threads, each on its own; those left over one after the other, on all threads.
    private func runApart(_ steps: Range<Int>, _ slots: Range<Int>, _ lane: Lane, threads: Int) {
        let whole = slots.count - slots.count % threads
        lane.forEach(whole) { slot, scratch in
            run(steps, slot..<slot + 1, Lane(team: nil, limit: 1, scratch: scratch, scratchCount: 0), beside: threads)
        }
        for slot in whole..<slots.count { run(steps, slot..<slot + 1, lane) }
    }

    /// - Parameter beside: the threads that run such steps at the same time, which share what is measured
    private func run(_ steps: Range<Int>, _ slots: Range<Int>, _ lane: Lane, beside threads: Int = 1) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * Pass.mostPictures) { memory in
            guard let base = memory.baseAddress else { return }
            var (alive, readers) = (SlotList(base), SlotList(base + Pass.mostPictures))
            alive.fill(with: slots) { !givenUp[$0] }
            for index in steps {
                giveUp(&alive)
                let step = plan.steps[index]
                let start = times == nil ? nil : ContinuousClock.now
                if let taps = step.onlyForTaps {
                    readers.fill(with: alive) { slot in
                        inputs[range.lowerBound + slot].taps.contains { taps.contains($0) }
                    }
                    run(step, readers.all, lane)
                } else {
                    run(step, alive.all, lane)
                }
                save(index, alive.all)
                if let times, let start {
                    let passed = (ContinuousClock.now - start) / .nanoseconds(1)
                    times[slots.lowerBound * plan.steps.count + index] += Int64(passed) / Int64(threads)
                }
            }
        }
    }

    /// Drops the pictures that are no longer wanted.
    private func giveUp(_ alive: inout SlotList) {
        guard let isWanted else { return }
        for slot in alive.all where !isWanted(range.lowerBound + slot) {
            givenUp[slot] = true
            outputs[range.lowerBound + slot] = SessionOutput(logits: [], maps: [])
        }
        alive.keep { !givenUp[$0] }
    }

    private func run(_ step: Step, _ slots: UnsafeBufferPointer<Int>, _ lane: Lane) {
        guard !slots.isEmpty else { return }
        let pass = Pass(lane: lane, arenas: arenas, stride: plan.arenaCount, pictures: slots, constants: plan.constants.pointer)
        switch step.kernel {
        case .map(let kernel): step.run(kernel, plan.kernels, pass)
        case .rowMajor(let kernel): step.run(kernel, pass)
        }
        for tap in step.taps { for slot in slots { copy(tap, slot) } }
    }

    /// Copies a map out, if the picture asks for it.
    private func copy(_ tap: Int, _ slot: Int) {
        let (picture, source) = (range.lowerBound + slot, plan.tapPlaces[tap])
        for (index, asked) in inputs[picture].taps.enumerated() where asked == tap {
            outputs[picture].maps[index] = Array(UnsafeBufferPointer(start: arena(slot) + source.offset, count: source.count))
        }
    }

    /// Copies out what explanations are made of, for the pictures that ask for some.
    private func save(_ step: Int, _ slots: UnsafeBufferPointer<Int>) {
        guard let explanation = plan.explanation, let saves = explanation.savesOfSteps[step] else { return }
        for slot in slots {
            let picture = range.lowerBound + slot
            guard let request = inputs[picture].explanation else { continue }
            for index in saves where request.layers.contains(where: { explanation.targets[$0].saves.contains(index) }) {
                outputs[picture].saved[explanation.saves[index].node] = explanation.saves[index].read(arena(slot))
            }
        }
    }

    private func arena(_ slot: Int) -> UnsafeMutablePointer<Float> { arenas + slot * plan.arenaCount }
}
