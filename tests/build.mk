# Host builds of the same sources: unit tests (64-bit with sanitizers, and 32-bit), fuzzers, benchmarks.

GTEST := /usr/src/googletest/googletest
WARNINGS := -Wall -Wextra -Werror -Wno-missing-field-initializers
HOST_FLAGS := -isystem /usr/src/googletest/googletest/include -std=c++20 -g1 -I. -Itests/host -fno-rtti $(WARNINGS)
# One sanitized build serves unit tests and fuzzers: compiling is most of the time that `tests/check` takes.
HOST_CXX := clang++
SANITIZE_UNITS := -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined
SANITIZE := $(SANITIZE_UNITS) -fsanitize=fuzzer-no-link

# Which folders each test program is made of, lowest first. Only what it needs: a folder includes nothing above it.
PARTS_util := util
PARTS_net := util net
PARTS_drivers := util net drivers
PARTS_san := util net san
PARTS_scripts := util net san embed drivers scripts
TESTS := util net drivers san scripts
# Of the host's sources, those that need net.
NET_HOST_SOURCES := tests/host/virtual_wire.cc
HELPERS_net := $(NET_HOST_SOURCES)
HELPERS_util := util/tools/mixing_pack.cc
HELPERS_drivers := $(NET_HOST_SOURCES)
HELPERS_san := $(NET_HOST_SOURCES)
# And fakes of another part's tests that a part's tests use.
HELPERS_scripts := $(NET_HOST_SOURCES) tests/unit/san/fake_target.cc

part_sources = $(filter-out util/tools/%,$(wildcard $(1)/*.cc $(1)/*/*.cc))
# slirp_link.cc needs libslirp and is linked where it is used.
HOST_SOURCES := $(filter-out tests/host/slirp_link.cc $(NET_HOST_SOURCES),$(wildcard tests/host/*.cc))

# What another make compiles at this moment is none of this one's business, and its files are not whole (tests/lib/cases.py).
COMPILED_BESIDE ?=
# variant(name, compiler, flags, flags of unit tests). Unit tests are compiled with GoogleTest's header precompiled, and without
# optimisation: each runs once, and took two thirds of the time that compiling takes.
define variant
FLAGS_$(1) := $$(HOST_FLAGS) $(3)
UNIT_FLAGS_$(1) := $$(HOST_FLAGS) $(4)
$(BUILD)/$(1)/%.o: %.cc
	@mkdir -p $$(@D)
	@echo "  CXX $(1) $$<"
	@$(2) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/%/folder.o: $(BUILD)/folders/%.cc
	@mkdir -p $$(@D)
	@echo "  CXX $(1) $$*/"
	@$(2) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/unit/precompiled.h.gch:
	@mkdir -p $$(@D)
	@printf '#include <gtest/gtest.h>\n#include <string>\n#include <vector>\n' > $$(basename $$@)
	@CCACHE_DISABLE=1 $(2) $$(UNIT_FLAGS_$(1)) -x c++-header -o $$@ $$(basename $$@)
$(BUILD)/$(1)/tests/unit/%.o: tests/unit/%.cc | $(BUILD)/$(1)/unit/precompiled.h.gch
	@mkdir -p $$(@D)
	@echo "  CXX $(1) $$<"
	@$(2) $$(UNIT_FLAGS_$(1)) -include $(BUILD)/$(1)/unit/precompiled.h -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/tests/unit/%/folder.o: $(BUILD)/folders/tests/unit/%.cc | $(BUILD)/$(1)/unit/precompiled.h.gch
	@mkdir -p $$(@D)
	@echo "  CXX $(1) tests/unit/$$*/"
	@$(2) $$(UNIT_FLAGS_$(1)) -include $(BUILD)/$(1)/unit/precompiled.h -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/gtest.o:
	@mkdir -p $$(@D)
	@$(2) -std=c++20 -I$(GTEST) -I$(GTEST)/include $(3) -c -o $$@ $(GTEST)/src/gtest-all.cc
-include $$(if $$(filter $(1),$$(COMPILED_BESIDE)),,$$(shell find $(BUILD)/$(1) -name '*.d' 2>/dev/null))
endef

# test_program(variant, part, compiler, flags)
define test_program
$(BUILD)/$(1)/$(2)_test: $$(call objects,$(1),$$(foreach p,$$(PARTS_$(2)),$$(call part_sources,$$(p))) $$(HOST_SOURCES) $$(wildcard tests/unit/$(2)/*.cc) $$(HELPERS_$(2)) tests/unit/main.cc) $(BUILD)/$(1)/gtest.o
	@echo "  LINK $$@"
	@$(3) $$(FLAGS_$(1)) -o $$@ $$^ -lbearssl -lpthread
endef

$(eval $(call variant,host64,$(HOST_CXX),-O1 $(SANITIZE),-O0 $(SANITIZE_UNITS)))
# 32-bit with clang as well, which compiles a test in half the time; gcc sees all but the tests in the firmware and in the programs below.
$(eval $(call variant,host32,$(HOST_CXX),-m32,-m32))
$(foreach t,$(TESTS),$(eval $(call test_program,host64,$(t),$(HOST_CXX))))
$(foreach t,$(TESTS),$(eval $(call test_program,host32,$(t),$(HOST_CXX))))

UNIT_PROGRAMS := $(TESTS:%=$(BUILD)/host64/%_test)
UNIT32_PROGRAMS := $(TESTS:%=$(BUILD)/host32/%_test)
.PHONY: unit unit32 unit-programs unit32-programs
unit-programs: $(UNIT_PROGRAMS)
unit32-programs: $(UNIT32_PROGRAMS)
unit: $(UNIT_PROGRAMS) ## unit tests, 64-bit with ASan and UBSan
	@set -e; for t in $^; do $$t --gtest_brief=1; done
unit32: $(UNIT32_PROGRAMS) ## unit tests, 32-bit
	@set -e; for t in $^; do $$t --gtest_brief=1; done

# Fuzzers: one per tests/fuzz/NAME_fuzz.cc, over one archive of all parts. tests/fuzz/found/NAME/ holds inputs that once
# failed; they are run first.
PARTS_all := util net embed drivers san scripts
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.cc,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.cc))
FUZZ_RUNS ?= 20000
FUZZ_SECONDS ?= 10
$(BUILD)/fuzz/parts.a: $(call objects,host64,$(foreach p,$(PARTS_all),$(call part_sources,$(p))) $(LINT_SOURCES) $(HOST_SOURCES) $(NET_HOST_SOURCES))
	@mkdir -p $(@D)
	@rm -f $@ && ar rcs $@ $^
$(BUILD)/fuzz/%_fuzz: $(BUILD)/host64/tests/fuzz/%_fuzz.o $(BUILD)/fuzz/parts.a
	@echo "  LINK $@"
	@$(HOST_CXX) -fsanitize=fuzzer,address,undefined -o $@ $^ -lbearssl
FUZZ_SMOKES := $(FUZZ_PROGRAMS:$(BUILD)/fuzz/%=fuzz-smoke-%)
.PHONY: fuzz fuzz-smoke $(FUZZ_SMOKES)
fuzz: $(FUZZ_PROGRAMS)
fuzz-smoke: $(FUZZ_SMOKES) ## every fuzz target for $(FUZZ_RUNS) inputs or $(FUZZ_SECONDS) s, from a fixed seed
$(FUZZ_SMOKES): fuzz-smoke-%: $(BUILD)/fuzz/%
	@mkdir -p $(BUILD)/fuzz/corpus/$*
	@if timeout 60 $< -seed=1 -runs=$(FUZZ_RUNS) -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=0 \
	        -artifact_prefix=$(BUILD)/fuzz/$*. $(BUILD)/fuzz/corpus/$* $(wildcard tests/fuzz/found/$*) >$(BUILD)/fuzz/$*.log 2>&1; \
	    then echo "ok $*"; else echo "not ok $*"; tail -n 30 $(BUILD)/fuzz/$*.log; exit 1; fi

# As programs for people are compiled: benchmarks and tools (util/tools/build.mk).
# At -O2 gcc takes the characters behind a TextSink, and memory sizes that cannot be, for overflows.
$(eval $(call variant,native,g++,-O2 -Wno-stringop-overflow -Wno-array-bounds,-O2))
$(BUILD)/native/parts.a: $(call objects,native,$(foreach p,$(PARTS_all),$(call part_sources,$(p))) $(HOST_SOURCES) $(NET_HOST_SOURCES))
	@rm -f $@ && ar rcs $@ $^

# Benchmarks of what is hot, on the host (Google Benchmark).
$(BUILD)/native/host_bench: $(patsubst %.cc,$(BUILD)/native/%.o,$(wildcard tests/bench/*.cc) util/tools/mixing_pack.cc) $(BUILD)/native/parts.a
	@echo "  LINK $@"
	@g++ -o $@ $^ -lbearssl -lbenchmark -llzma -lpthread
.PHONY: bench bench-host bench-smoke bench-int13 bench-fetch
bench: bench-host bench-int13 bench-fetch ## all benchmarks
bench-host: $(BUILD)/native/host_bench ## checksum, TCP, PDUs, scripts, unpacking, on the host
	@$<
bench-smoke: $(BUILD)/native/host_bench
	@$< --benchmark_min_time=0.01 >/dev/null && echo "ok host_bench"
bench-int13: bin/1af41000.rom bin/8086100e.rom bin/808610d3.rom ## INT 13h from inside a machine, beside the peer's ROM
	@tests/bench/int13
bench-fetch: bin/1af41000+http.rom bin/8086100e+http.rom ## HTTP and TFTP into memory, beside the peer's ROM
	@tests/bench/fetch

# Against real servers on loopback.
-include $(wildcard tests/*/build.mk)
.PHONY: server-programs
server-programs: $(SERVER_PROGRAMS)

.PHONY: check demo docs
docs: ## refreshes the generated parts of docs/, and begins pages that are missing
	@tests/rules/docs --write
check: ## installs what is missing, builds, runs every test
	@tests/check
demo: ## boots a machine from a LUN before your eyes
	@util/demo
