# DHCP, DNS, TFTP and HTTP against real servers on loopback: dnsmasq, nginx, lighttpd, and those of libslirp's user network.
SLIRP_TEST_SOURCES := $(foreach p,$(PARTS_net),$(call part_sources,$(p))) $(HOST_SOURCES) $(wildcard tests/host/slirp_link.cc) \
	$(wildcard tests/slirp/*.cc) tests/targets/real_target.cc

$(BUILD)/host64/slirp_test: $(call objects,host64,$(SLIRP_TEST_SOURCES)) $(BUILD)/host64/gtest.o
	@echo "  LINK $@"
	@$(HOST_CXX) $(FLAGS_host64) -o $@ $^ -lslirp -lbearssl -lpthread
SERVER_PROGRAMS += $(BUILD)/host64/slirp_test

.PHONY: check-slirp
check-slirp: $(BUILD)/host64/slirp_test ## DHCP, DNS and TFTP against real servers on loopback (dnsmasq, libslirp)
	@timeout 300 $< --gtest_brief=1
