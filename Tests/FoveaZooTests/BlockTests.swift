import Foundation
import FoveaCheckpoints
import FoveaGraph
import Testing

@testable import FoveaZoo

/// Single convolution blocks against PyTorch in float64, in places where no backbone puts them.
@Suite struct BlockTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let block: any ConvolutionModule
        let window: Window
        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "odconv-depthwise", block: ODConv2d(), window: Window(channels: 6, kernel: 3, padding: 1, groups: 6)),
        Case(
            name: "odconv-depthwise-one-kernel", block: ODConv2d(kernelCount: 1),
            window: Window(channels: 5, kernel: 3, stride: 2, padding: 1, groups: 5)),
        Case(
            name: "odconv-groups", block: ODConv2d(kernelCount: 2, temperature: 1.7),
            window: Window(channels: 12, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 4)),
        Case(name: "odconv-pointwise", block: ODConv2d(kernelCount: 3), window: Window(channels: 7)),
        Case(name: "odconv-pointwise-one-kernel", block: ODConv2d(reduction: 0.5, kernelCount: 1), window: Window(channels: 3, stride: 2)),
        Case(name: "odconv-wide-kernel", block: ODConv2d(kernelCount: 2, temperature: 0.5), window: Window(channels: 4, kernel: 5)),
        Case(name: "dyconv-picture", block: DYConv2d(), window: Window(channels: 8, kernel: 3, padding: 1)),
        Case(
            name: "dyconv-groups", block: DYConv2d(kernelCount: 2, temperature: 1),
            window: Window(channels: 9, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 3)),
        Case(name: "dyconv-pointwise", block: DYConv2d(kernelCount: 5, temperature: 31, bias: false), window: Window(channels: 5)),
        Case(
            name: "sk-wide", block: SKConv(branches: 4, reduction: 3, minimum: 1, groups: 3),
            window: Window(channels: 6, kernel: 3, stride: 2)),
        Case(name: "sk-one-branch", block: SKConv(branches: 1), window: Window(channels: 5, kernel: 3)),
        Case(
            name: "sc-dilated", block: SCConv(poolingR: 2),
            window: Window(channels: 6, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 3)),
        Case(
            name: "splat-options", block: SplitAttention(radix: 3, reductionRatio: 2, reductionDivisor: 4, bias: true, dilation: 2),
            window: Window(channels: 8, kernel: 3, stride: 2, padding: 1, groups: 2)),
        Case(
            name: "dynamic-wide-kernel", block: DynamicConvAttention(reductionRatio: 2),
            window: Window(channels: 6, kernel: 5, stride: 2, padding: 2)),
        Case(name: "dynamic-pointwise", block: DynamicConvAttention(reductionRatio: 3), window: Window(channels: 5)),
        Case(name: "dynamic-unpadded", block: DynamicConvAttention(reductionRatio: 1), window: Window(channels: 5, kernel: 3)),
        Case(
            name: "deform-wide-kernel", block: DeformConv2d(modulated: true),
            window: Window(channels: 6, kernel: 5, stride: 2, padding: 2)),
        Case(
            name: "deform-groups", block: DeformConv2d(bias: false),
            window: Window(channels: 4, kernel: 3, padding: 2, dilation: 2, groups: 2)),
        Case(name: "deform-pointwise", block: DeformConv2d(modulated: true), window: Window(channels: 5)),
        Case(name: "splat-pointwise", block: SplitAttention(radix: 1, reducedChannels: 3), window: Window(channels: 7)),
    ]

    @Test(arguments: cases)
    private func outputAndMaps(example: Case) throws {
        let checkpoint = try Checkpoint(file: Fixture.folder.appending(component: "blocks/\(example.name).safetensors"))
        let oracle = Oracle(checkpoint)
        let shapes = checkpoint.tensors.filter { $0.key.hasPrefix("weights.") }.mapValues(\.shape)
        let ledger = WeightLedger(shapes: shapes) { try checkpoint.tensors[$0]?.floats() ?? [] }

        var builder = try GraphBuilder(inputShape: try oracle.shape("input"))
        let out = try example.block(builder.input, example.window, Weights(ledger)["weights"], &builder)
        try ledger.finish()
        #expect(out.shape == (try oracle.shape("output")))
        let flat = builder.flatten(out)
        let graph = try builder.finish(output: flat)

        let outputs = try graph.pass(try oracle.pictures("input"))
        for (output, expected) in zip(outputs, try oracle.pictures("output")) {
            let largest = expected.map(abs).max() ?? 0
            #expect(largestDifference(output.logits, expected) <= 1e-5 * largest)
        }
        let maps = Set(checkpoint.tensors.keys.filter { $0.hasPrefix("/") })
        #expect(Set(graph.taps.map { "/" + $0.kind.rawValue }) == maps)
        for (index, tap) in graph.taps.enumerated() {
            #expect(tap.shape == (try oracle.shape("/" + tap.kind.rawValue)))
            for (output, expected) in zip(outputs, try oracle.pictures("/" + tap.kind.rawValue)) {
                #expect(largestDifference(output.maps[index], expected) <= 1e-5, "\(tap.kind)")
            }
        }
    }
}
