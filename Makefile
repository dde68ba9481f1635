FUZZTIME ?= 60s
GOLD ?= ../shared/eval

.PHONY: build test lint fuzz eval cover

build: ; go build -trimpath -o bin/verbatim ./cmd/verbatim
test: ; go test -race -shuffle=on ./...
lint: ; @bash .ci/run lint
fuzz: ; @for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done
eval: ; go run ./cmd/verbatim eval $(GOLD)
cover: ; go test -coverpkg=./... -coverprofile=coverage.out ./... && go tool cover -html=coverage.out -o coverage.html
