import FoveaGraph
import Testing

@testable import FoveaZoo

/// `fovea inspect` calls a layer what PyTorch's `type(module).__name__` does.
@Suite struct InspectNamesTests {
    @Test(arguments: [
        ("vgg16-dynamic", "features.0.2", "DynamicConvAttention"), ("vgg16-dynamic", "features.0.2.base_conv", "Conv2d"),
        ("vgg16-local", "features.4", "LocalAttention"), ("odresnet18", "layer1.0.conv1", "ODConv2d"),
        ("odresnet18", "layer1.0.conv1.attention.bn", "BatchNorm2d"), ("dyconv-basic", "layer1.0.conv2", "DYConv2d"),
        ("deform-small", "layer1.0.conv2", "DeformConv2d"), ("sk-basic", "layer1.0.conv2", "SKConv"),
        ("sc-basic", "layer1.0.conv2", "SCConv"), ("splat-basic", "layer1.0.conv2", "SplitAttn"),
        ("se-basic", "layer1.0.attention", "SEAttention"), ("se-resnet18", "layer1.0.se", "SELayer"),
        ("cse-basic", "layer1.0.attention", "cSE"), ("sse-basic", "layer1.0.attention", "sSE"),
        ("scse-basic", "layer1.0.attention", "scSE"), ("cbam-basic", "layer1.0.attention", "CBAM"),
        ("resnet18-cbam", "layer1.0.cbam", "CBAM"), ("resnet18-bam", "bam1", "BAM"),
        ("resnet18-bam", "bam1.channel_att.gate_c.gate_c_bn_1", "BatchNorm1d"), ("sge-basic", "layer1.0.attention", "SpatialGroupEnhance"),
        ("a2-basic", "layer1.0.attention", "DoubleAttention"), ("sk-resnet50", "layer1.0", "SKBottleneck"),
        ("resnest50", "layer1.0.conv2", "SplAtConv2d"), ("timm-seresnet18", "layer1.0.se", "SEModule"),
        ("timm-legacy-seresnet18", "layer1.0.se_module", "SEModule"), ("timm-skresnet18", "layer1.0.conv1", "SelectiveKernel"),
        ("timm-skresnet18", "layer1.0.conv2.bn", "BatchNormAct2d"), ("timm-vgg11", "pre_logits.fc1", "Conv2d"),
        ("timm-resnest14d", "layer1.0.conv2", "SplitAttn"), ("timm-resnest14d", "layer2.0.avd_last", "AvgPool2d"),
        ("timm-resnest14d-avd-first", "layer2.0.avd_first", "AvgPool2d"),
        ("resnest50-fast-2s2x40d", "layer2.0.avd_layer", "AvgPool2d"),
    ])
    func classNames(fixture: String, layer: String, name: String) throws {
        let layers = try Network(directory: Fixture(name: fixture).directory).graph.layers
        #expect(layers.first { $0.name == layer }?.operation == name)
    }

    /// Grouped split attention computes its `fc2` in parts, which is no one's business.
    @Test func aLayerInPartsIsOneRow() throws {
        let graph = try Network(directory: Fixture(name: "timm-resnest50d-4s2x40d").directory).graph
        let row = try #require(graph.layers.first { $0.name == "layer1.0.conv2.fc2" })
        let shapes = try Fixture(name: "timm-resnest50d-4s2x40d").shapes()
        let weight = try #require(shapes["layer1.0.conv2.fc2.weight"])
        #expect(row.outputShape == [weight[0]])
        #expect(row.parameters == weight.reduce(1, *) + weight[0])
        #expect(row.multiplyAdds == weight.reduce(1, *))
        #expect(!graph.layers.contains { $0.name.contains("[") })
    }
}
