# Sanpiper. `make help` explains every target. Everything that is built goes to $(BUILD)/ and bin/.
BUILD ?= build

# Where ccache is installed, what another tree has compiled is not compiled again (CCACHE_DISABLE=1: it is).
ifneq ($(wildcard /usr/lib/ccache),)
export PATH := /usr/lib/ccache:$(PATH)
export CCACHE_NOHASHDIR := 1
export CCACHE_SLOPPINESS := pch_defines,time_macros
endif

.PHONY: all help
all: help

# Each part says what it builds: the firmware images, the host programs and tests, and the tools.
-include arch/build.mk
include tests/folders.mk
include util/tools/build.mk
include tests/build.mk

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9%\/.<> _-]+:.*## /{printf "  make %-24s %s\n", $$1, $$2}' $(MAKEFILE_LIST) | sort -u
