# iSCSI against real targets on loopback (tgtd, istgt), without a machine around it.
TARGET_TEST_SOURCES := $(foreach p,$(PARTS_san),$(call part_sources,$(p))) $(HOST_SOURCES) $(wildcard tests/targets/*.cc)

$(BUILD)/host64/targets_test: $(call objects,host64,$(TARGET_TEST_SOURCES)) $(BUILD)/host64/gtest.o
	@echo "  LINK $@"
	@$(HOST_CXX) $(FLAGS_host64) -o $@ $^ -lbearssl -lpthread

SERVER_PROGRAMS += $(BUILD)/host64/targets_test

.PHONY: check-targets
check-targets: $(BUILD)/host64/targets_test ## iSCSI against real targets on loopback (root, tgt, istgt)
	@timeout 300 $< --gtest_brief=1
