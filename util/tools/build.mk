# Tools for people who write scripts: Linux programs from the firmware's own sources, over the host's side of <platform/...>
# (tests/host). One folder a tool.

LINT_SOURCES := $(wildcard util/tools/lint/*.cc)

bin/sanpiper-lint: $(call objects,native,$(LINT_SOURCES)) $(BUILD)/native/parts.a
	@mkdir -p bin
	@echo "  LINK $@"
	@g++ -o $@ $^ -lbearssl

RUN_SOURCES := $(wildcard util/tools/run/*.cc) tests/host/slirp_link.cc

bin/sanpiper-run: $(RUN_SOURCES:%.cc=$(BUILD)/native/%.o) $(BUILD)/native/parts.a
	@mkdir -p bin
	@echo "  LINK $@"
	@g++ -o $@ $^ -lslirp -lbearssl
