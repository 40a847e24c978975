# Tools for people who write scripts: Linux programs from the firmware's own sources, over the host's side of <platform/...>
# (tests/host). One folder a tool.

LINT_SOURCES := $(wildcard util/tools/lint/*.cc)

bin/sanpiper-lint: $(LINT_SOURCES:%.cc=$(BUILD)/native/%.o) $(BUILD)/native/parts.a
	@mkdir -p bin
	@echo "  LINK $@"
	@g++ -o $@ $^ -lbearssl
