# Sanpiper. `make help` explains every target. Everything that is built goes to $(BUILD)/ and bin/.
BUILD ?= build

.PHONY: all help
all: help

# Each part says what it builds: the firmware images, the host programs and tests, and the tools.
-include arch/build.mk
include util/tools/build.mk
include tests/build.mk

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9%\/.<> _-]+:.*## /{printf "  make %-24s %s\n", $$1, $$2}' $(MAKEFILE_LIST) | sort -u
