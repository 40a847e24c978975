# Which sources are compiled together for programs of the host: unit tests, fuzzers, benchmarks, tools.
# Most of compiling is reading headers, so all files of a folder are compiled as one, but those that share names with others of their
# folder, or are wanted without them. (The firmware's are compiled one by one, and say so when an #include is missing.)
ALONE := $(addprefix util/,key_decoder.cc mixing.cc x86_filter.cc tools/lint/main.cc) net/fetch/stream_schemes.cc \
	$(addprefix san/,emulated_disk.cc int13_edd.cc iscsi_device_link.cc) \
	$(addprefix drivers/,eepro100.cc ne2000.cc pcnet32.cc r8169.cc rtl8139.cc virtio_net.cc virtio_pci.cc virtqueue.cc vmxnet3.cc) \
	$(addprefix scripts/,command_table.cc completion_sources.cc pxe_table.cc san_schemes.cc service_table.cc start_table.cc \
		images/layout.cc images/multiboot1.cc images/multiboot2.cc menus/menu_screen.cc settings/live_settings.cc settings/setting_table.cc settings/type_table.cc) \
	$(addprefix tests/unit/,util/mixing_test.cc san/fake_target.cc \
		$(addprefix drivers/fake_,eepro100.cc ne2000.cc pcnet32.cc r8169.cc rtl8139.cc vmxnet3.cc) \
		$(addprefix net/,http_wire_test.cc interface_test.cc ipv4_test.cc pxe_pointers_test.cc pxe_tftp_test.cc tcp_behaviour_test.cc \
			tcp_connection_test.cc tcp_defence_test.cc tftp_client_test.cc tls_test.cc udp_test.cc)) $(wildcard tests/unit/scripts/*.cc)
TOGETHER := $(filter-out $(ALONE),$(wildcard util/*.cc net/*.cc net/*/*.cc san/*.cc embed/*.cc drivers/*.cc scripts/*.cc scripts/*/*.cc util/tools/lint/*.cc tests/unit/*/*.cc))
# objects(variant, sources)
objects = $(sort $(foreach s,$(2),$(BUILD)/$(1)/$(if $(filter $(TOGETHER),$(s)),$(dir $(s))folder.o,$(s:.cc=.o))))
.PRECIOUS: $(BUILD)/folders/%.cc
$(BUILD)/folders/%.cc: force
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(foreach s,$(TOGETHER),$(if $(filter $*/,$(dir $(s))),$(s))) > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
