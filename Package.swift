// swift-tools-version: 6.2

import PackageDescription

/// The vector loops for one instruction set. Without optimisation they are a hundred times slower, and so would be every debug build's tests.
func kernels(_ name: String, features: [String] = []) -> Target {
    .target(
        name: "FoveaKernels" + name, dependencies: ["FoveaCompute"], path: "Sources/FoveaKernels/" + name,
        swiftSettings: [.define("FOVEA_" + name.uppercased()), .unsafeFlags(["-Ounchecked"] + features.flatMap { ["-Xcc", "-m" + $0] })])
}

/// A target imports only targets below it. `ARCHITECTURE.md` describes what each holds.
let package = Package(
    name: "fovea",
    products: [
        .executable(name: "fovea", targets: ["fovea"]),
        // What `Fuzz/` links.
        .library(name: "FoveaParts", targets: ["FoveaHTTP", "FoveaServing", "FoveaVision", "FoveaZoo", "FoveaCheckpoints", "FoveaJSON"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "fovea",
            dependencies: [
                "FoveaCheckpoints", "FoveaCompute", "FoveaGraph", "FoveaHTTP", "FoveaJSON", "FoveaKernels", "FoveaMetrics", "FoveaServing",
                "FoveaSystem", "FoveaZoo",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(
            name: "FoveaServing",
            dependencies: [
                "CMalloc", "FoveaCheckpoints", "FoveaCompute", "FoveaGraph", "FoveaHTTP", "FoveaJSON", "FoveaMetrics", "FoveaSystem",
                "FoveaVision", "FoveaZoo",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            // The page is part of the executable: nothing is looked up at run time.
            resources: ["index.html", "page.css", "page.js", "sample.jpg"].map { .embedInCode("Page/\($0)") }),
        .target(
            name: "FoveaHTTP",
            dependencies: [
                "CEpoll", "CFoveaTLS", "FoveaSystem",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(name: "FoveaMetrics", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "FoveaHTTPTesting", dependencies: ["FoveaHTTP", .product(name: "HTTPTypes", package: "swift-http-types")]),
        .target(name: "FoveaVision", dependencies: ["CFoveaJPEG", "CFoveaPNG"]),
        .target(name: "FoveaZoo", dependencies: ["FoveaCompute", "FoveaGraph", "FoveaCheckpoints", "FoveaJSON", "FoveaSystem"]),
        .target(name: "FoveaCheckpoints", dependencies: ["FoveaJSON", "FoveaSystem"]),
        .target(name: "FoveaSystem", dependencies: ["CFoveaSystem"]),
        .target(name: "FoveaJSON"),
        // Without optimisation, loops over a pass's pictures allocate what a test says that they do not.
        .target(name: "FoveaGraph", dependencies: ["FoveaCompute", "FoveaKernels"], swiftSettings: [.unsafeFlags(["-O"])]),
        // One source, built once for each instruction set: the folders AVX2 and AVX512 are links to Baseline.
        .target(
            name: "FoveaKernels",
            dependencies: ["CFoveaProcessor", "FoveaCompute", "FoveaKernelsBaseline", "FoveaKernelsAVX2", "FoveaKernelsAVX512"],
            path: "Sources/FoveaKernels/Dispatch"),
        kernels("Baseline"),
        kernels("AVX2", features: ["avx2", "fma"]),
        kernels("AVX512", features: ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx2", "fma"]),
        // For tests: counts what a thread allocates.
        .target(name: "CAllocationCount"),
        .target(name: "CFoveaProcessor"),
        .target(name: "CFoveaSystem"),
        // Kernels are loops over checked sizes; without optimisation they are a hundred times slower, and so would be every debug build's tests.
        .target(
            name: "FoveaCompute", dependencies: ["CFoveaProcessor", "COpenBLAS", "FoveaSystem"],
            swiftSettings: [.unsafeFlags(["-Ounchecked"])]),

        .target(name: "CFoveaJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CFoveaPNG", linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("z")]),
        .target(name: "CFoveaTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // For tests: a client that does what others' programs never do.
        .target(name: "CTLSClient", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),

        .testTarget(name: "FoveaSystemTests", dependencies: ["FoveaSystem"]),
        .testTarget(name: "FoveaJSONTests", dependencies: ["FoveaJSON"]),
        // Tests that make millions of numbers and compare results with plain loops: four fifths of their time went there without optimisation.
        .target(
            name: "FoveaTesting", dependencies: ["FoveaCompute", "FoveaSystem"], path: "Tests/FoveaTesting",
            swiftSettings: [.unsafeFlags(["-O"])]),
        .testTarget(
            name: "FoveaComputeTests", dependencies: ["FoveaCompute", "FoveaTesting"],
            swiftSettings: [.unsafeFlags(["-O"])]),
        .testTarget(
            name: "FoveaKernelsTests", dependencies: ["FoveaKernels", "FoveaCompute", "FoveaTesting"],
            swiftSettings: [.unsafeFlags(["-O"])]),
        .testTarget(
            name: "FoveaGraphTests", dependencies: ["CAllocationCount", "FoveaCompute", "FoveaGraph", "FoveaTesting"],
            swiftSettings: [.unsafeFlags(["-O"])]),
        .testTarget(name: "FoveaCheckpointsTests", dependencies: ["FoveaCheckpoints", "FoveaSystem"], exclude: ["Fixtures"]),
        .testTarget(
            name: "FoveaZooTests",
            dependencies: ["CAllocationCount", "FoveaCheckpoints", "FoveaCompute", "FoveaGraph", "FoveaJSON", "FoveaZoo"],
            exclude: ["Fixtures"]),
        .testTarget(name: "FoveaVisionTests", dependencies: ["FoveaSystem", "FoveaVision"], exclude: ["Fixtures"]),
        .testTarget(
            name: "FoveaMetricsTests", dependencies: ["FoveaMetrics", .product(name: "Metrics", package: "swift-metrics")]),
        .testTarget(
            name: "FoveaHTTPTests",
            dependencies: [
                "CTLSClient", "FoveaHTTP", "FoveaHTTPTesting", "FoveaSystem",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "FoveaServingTests",
            dependencies: [
                "FoveaCheckpoints", "FoveaCompute", "FoveaGraph", "FoveaHTTP", "FoveaHTTPTesting", "FoveaJSON", "FoveaMetrics",
                "FoveaServing", "FoveaSystem", "FoveaVision", "FoveaZoo",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(name: "FoveaTests", dependencies: ["fovea", "FoveaHTTPTesting", "FoveaSystem"]),
    ],
    swiftLanguageModes: [.v6]
)
