# The server with models of weights/:         docker build -t fovea:0.1.0 .
#                                             docker run --rm -p 8080:8080 fovea:0.1.0 serve --default-model vgg16-local-cifar10
# Models of your own instead:                 docker run --rm -p 8080:8080 -v "$PWD/models:/models:ro" fovea:0.1.0
# The image sets no default model, because the server refuses to start if that model is missing from /models.

# OpenBLAS from Debian's source, with what Fovea calls: products of float32 matrices, for six generations of processors. Debian's own package holds every
# type, LAPACK and the Fortran library, 45 MB in all. A processor without AVX2 gets the kernels of PRESCOTT or NEHALEM.
FROM debian:bookworm-slim AS blas
RUN if [ -e /etc/apt/sources.list.d/debian.sources ]; then sed -i 's/^Types: deb$/& deb-src/' /etc/apt/sources.list.d/debian.sources; \
    else sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > /etc/apt/sources.list.d/sources.list; fi \
    && apt-get update && apt-get install -y --no-install-recommends dpkg-dev gcc libc6-dev make
WORKDIR /blas
RUN apt-get source openblas && mv openblas-*/ source \
    && make -C source -j"$(nproc)" libs shared TARGET=GENERIC DYNAMIC_ARCH=1 DYNAMIC_LIST="NEHALEM HASWELL ZEN SKYLAKEX COOPERLAKE" \
    ONLY_CBLAS=1 NO_LAPACK=1 NO_LAPACKE=1 NOFORTRAN=1 BUILD_SINGLE=1 USE_OPENMP=0 NUM_THREADS=64 > make.log 2>&1 || { tail -n 40 make.log; exit 1; } \
    && strip --strip-unneeded -o libopenblas.so.0 source/libopenblas.so.0

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libjpeg-dev libopenblas-dev libpng-dev libssl-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /fovea
COPY Package.swift ./
COPY Sources Sources
# The manifest names the test targets; their fixtures are left out by .dockerignore.
COPY Tests Tests
RUN swift build -c release --product fovea --static-swift-stdlib -Xlinker -s
COPY weights weights
RUN mkdir /models && for config in weights/*/config.json; do cp -R "$(dirname "$config")" /models/; done

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libjpeg62-turbo libpng16-16 libssl3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log
COPY --from=blas /blas/libopenblas.so.0 /usr/lib/libopenblas.so.0
COPY --from=build /fovea/.build/release/fovea /usr/local/bin/fovea
COPY --from=build /models /models
ENV FOVEA_HOST=0.0.0.0 FOVEA_MODELS=/models FOVEA_LOG_FORMAT=json
# Nothing is written: the root file system may be read-only.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${FOVEA_PORT:-8080} && printf 'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["fovea"]
CMD ["serve"]
