# The tools for people who write scripts (util/tools/build.mk).
$(BUILD)/host64/tools_test: $(patsubst %.cc,$(BUILD)/host64/%.o,$(wildcard tests/tools/*.cc)) $(BUILD)/fuzz/parts.a $(BUILD)/host64/gtest.o
	@echo "  LINK $@"
	@$(HOST_CXX) $(FLAGS_host64) -o $@ $^ -lbearssl -lpthread

.PHONY: check-tools
check-tools: bin/sanpiper-lint bin/sanpiper-run $(BUILD)/host64/tools_test ## sanpiper-lint and sanpiper-run
	@$(BUILD)/host64/tools_test --gtest_brief=1
	@tests/tools/lint
	@tests/tools/run
