/// The networks of the papers' own repositories, under the names that their constructors have there.
extension Registry {
    private static let depths = [18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]]

    /// A family of depths: basic blocks up to 34, bottlenecks from 50 on.
    private static func family(
        _ name: (Int) -> String, _ depths: [Int], _ build: (ResidualBlock.Kind, [Int]) -> NetworkBuilder
    ) -> [(String, NetworkBuilder)] {
        depths.map { (name($0), build($0 < 50 ? .basic : .bottleneck(), Self.depths[$0] ?? [])) }
    }

    static let papers: [String: NetworkBuilder] = {
        let families = [
            // OSVAI/ODConv
            family({ "od_resnet\($0)" }, [18, 34, 50, 101], ResNet.odConv),
            // kaijieshi7/Dynamic-convolution-Pytorch, whose names are torchvision's with a `dy_` in the file's
            family({ "dy_resnet\($0)" }, [18, 34, 50, 101, 152], ResNet.dynamicConvolution),
            // Jongchan/attention-module
            family({ "resnet\($0)_cbam" }, [18, 34, 50, 101], ResNet.cbam),
            family({ "resnet\($0)_bam" }, [18, 34, 50, 101], ResNet.bam),
            // implus/PytorchInsight; its `sk_resnet18` and `34` have no attention
            family({ "cbam_resnet\($0)" }, [18, 34, 50, 101], ResNet.cbam),
            family({ "bam_resnet\($0)" }, [18, 34, 50, 101], ResNet.bam),
            family({ "se_resnet\($0)" }, [18, 34, 50, 101, 152], ResNet.squeezeExcitationWithBias),
            family({ "sge_resnet\($0)" }, [18, 34, 50, 101, 152], ResNet.spatialGroupEnhance),
            family({ "sk_resnet\($0)" }, [50, 101, 152]) { ResNet.selectiveKernel($1) },
            // MCG-NKU/SCNet
            [
                ("scnet50", ResNet.selfCalibrated([3, 4, 6, 3])),
                ("scnet101", ResNet.selfCalibrated([3, 4, 23, 3])),
                ("scnet50_v1d", ResNet.selfCalibrated([3, 4, 6, 3], deepStem: 32)),
                ("scnet101_v1d", ResNet.selfCalibrated([3, 4, 23, 3], deepStem: 64)),
            ],
            // zhanghang1989/ResNeSt
            [
                ("resnest50", ResNet.resNeSt([3, 4, 6, 3], stemWidth: 32)),
                ("resnest101", ResNet.resNeSt([3, 4, 23, 3])),
                ("resnest200", ResNet.resNeSt([3, 24, 36, 3])),
                ("resnest269", ResNet.resNeSt([3, 30, 48, 8])),
            ],
            // Its `fast` forms: splits, groups and width are in the name.
            [(1, 1, 64), (2, 1, 64), (4, 1, 64), (1, 2, 40), (2, 2, 40), (4, 2, 40), (1, 4, 24)].map { radix, groups, width in
                ("resnest50_fast_\(radix)s\(groups)x\(width)d", ResNet.resNeStFast(radix: radix, groups: groups, width: width))
            },
        ]
        return Dictionary(families.flatMap(\.self)) { first, _ in first }
    }()
}
