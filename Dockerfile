# The image that docs/recipes name: congvan with all that it calls.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t congvan .
#   docker run --rm -v "$PWD:/data" congvan ocr /data/scans -o /data/text
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libtesseract-dev libleptonica-dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X github.com/congvan-cli/congvan/pkg/cli.version=$VERSION" -o /congvan ./cmd/congvan

FROM debian:bookworm-slim
RUN apt-get update \
	&& apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie tesseract-ocr-eng tesseract-ocr-osd poppler-utils qpdf xz-utils \
	&& rm -rf /var/lib/apt/lists/*
COPY --from=build /congvan /usr/bin/congvan
# Files that are written belong to nobody in particular: docker run --user.
USER nobody
ENTRYPOINT ["congvan"]
