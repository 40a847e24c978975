# Host builds of the same sources: unit tests (64-bit with sanitizers, and 32-bit), fuzzers, benchmarks.

GTEST := /usr/src/googletest/googletest
WARNINGS := -Wall -Wextra -Werror -Wno-missing-field-initializers
HOST_FLAGS := -isystem /usr/src/googletest/googletest/include -std=c++20 -g -I. -Itests/host -fno-rtti $(WARNINGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined

# Which folders each test program is made of, lowest first. Only what it needs: a folder includes nothing above it.
PARTS_util := util
PARTS_net := util net
PARTS_drivers := util net drivers
PARTS_san := util net san
PARTS_scripts := util net san embed drivers scripts
TESTS := util net drivers san scripts

part_sources = $(filter-out util/tools/%,$(wildcard $(1)/*.cc $(1)/*/*.cc))
HOST_SOURCES := $(wildcard tests/host/*.cc)

# variant(name, compiler, flags)
define variant
FLAGS_$(1) := $$(HOST_FLAGS) $(3)
$(BUILD)/$(1)/%.o: %.cc
	@mkdir -p $$(@D)
	@echo "  CXX $(1) $$<"
	@$(2) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/gtest.o:
	@mkdir -p $$(@D)
	@$(2) -std=c++20 -I$(GTEST) -I$(GTEST)/include $(3) -c -o $$@ $(GTEST)/src/gtest-all.cc
-include $$(shell find $(BUILD)/$(1) -name '*.d' 2>/dev/null)
endef

# test_program(variant, part, compiler, flags)
define test_program
$(BUILD)/$(1)/$(2)_test: $$(patsubst %.cc,$(BUILD)/$(1)/%.o,$$(foreach p,$$(PARTS_$(2)),$$(call part_sources,$$(p))) $$(HOST_SOURCES) $$(wildcard tests/unit/$(2)/*.cc) tests/unit/main.cc) $(BUILD)/$(1)/gtest.o
	@echo "  LINK $$@"
	@$(3) $$(FLAGS_$(1)) -o $$@ $$^ -lbearssl -lpthread
endef

$(eval $(call variant,host64,g++,-O1 $(SANITIZE)))
$(eval $(call variant,host32,g++,-O1 -m32))
$(foreach t,$(TESTS),$(eval $(call test_program,host64,$(t),g++)))
$(foreach t,$(TESTS),$(eval $(call test_program,host32,$(t),g++)))

.PHONY: unit unit32
unit: $(TESTS:%=$(BUILD)/host64/%_test) ## unit tests, 64-bit with ASan and UBSan
	@set -e; for t in $^; do $$t --gtest_brief=1; done
unit32: $(TESTS:%=$(BUILD)/host32/%_test) ## unit tests, 32-bit
	@set -e; for t in $^; do $$t --gtest_brief=1; done
