// The PXE API as a broken program calls it: any function with any parameters, far pointers to anywhere, frames that arrive
// meanwhile. Every call is answered, and nothing outside of the program's memory is touched.
//
// Input: calls, each a function number, a byte of what else to do, and as many bytes of parameters as follow.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "net/pxe/pxe_api.h"
#include "net/transport/udp_datagrams.h"
#include "tests/host/host.h"
#include "tests/host/virtual_wire.h"

namespace {

class Counter final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = std::byte(++last_);
    }

  private:
    std::uint8_t last_ = 0;
};

// 64 KiB are the program's; all far pointers lead there now and then.
class Memory final : public util::GuestMemory {
  public:
    static constexpr std::uint32_t kBase = 0x10000, kSize = 0x10000;
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        if (address < kBase || address - kBase > kSize || size > kSize - (address - kBase)) return {};
        return util::MutableBytes(bytes_).subspan(address - kBase, size);
    }

  private:
    std::vector<std::byte> bytes_ = std::vector<std::byte>(kSize);
};

alignas(64) std::byte packet_memory[64 * net::PacketBuffer::kStride];
constexpr std::size_t kLongestParameters = 200;

std::uint8_t read_pci(std::uint16_t, std::uint8_t) { return 1; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    util::Loop loop;
    host::VirtualWire wire(loop);
    net::PacketPool pool(packet_memory);
    {
        Counter random;
        host::WireEnd& end = wire.add_end(pool);
        net::Stack stack(loop, pool, random);
        net::Interface& interface = *stack.add(end).value();
        (void)interface.open();
        interface.configure({.address = net::Ipv4Address(10, 0, 0, 1),
                             .netmask = net::Ipv4Address(255, 255, 255, 0),
                             .gateway = {},
                             .routes = {}});
        net::UdpDatagrams datagrams(stack);
        net::DnsSettings dns;
        net::FetchContext fetch{loop, datagrams, random, dns, {}};
        const std::byte packet[300]{};
        Memory memory;
        net::PxeApi api({stack, interface, fetch, {packet, packet, packet}, read_pci, false});
        // At the end of it, so that what runs over is seen.
        auto at = static_cast<std::uint16_t>(Memory::kSize - api.area_size());
        api.start(memory, {{at, Memory::kBase / 16}, memory.map(Memory::kBase + at, api.area_size())});

        util::Reader reader(std::as_bytes(std::span(data, size)));
        for (unsigned calls = 0; reader.remaining() > 3 && calls < 64; ++calls) {
            std::uint8_t function = reader.u8(), what = reader.u8();
            std::size_t length = std::min<std::size_t>(reader.u8(), std::min(reader.remaining(), kLongestParameters));
            util::Bytes parameters = reader.bytes(length);
            std::uint16_t offset = what & 1 ? 0x100 : static_cast<std::uint16_t>(0x100 + what * 256);
            net::pxe::SegOff16 pointer{offset, Memory::kBase / 16};
            if (what == 0xff) pointer = {0xffff, 0xffff};
            util::MutableBytes target = memory.map(pointer.linear(), length);
            if (!target.empty()) std::memcpy(target.data(), parameters.data(), length);
            // A frame for the program, or for our stack.
            if (what & 2) end.inject(parameters);
            auto answer = api.call(function, pointer);
            ASSERT(answer.exit == net::pxe::Exit::Success || answer.exit == net::pxe::Exit::Failure);
            host::advance(util::Duration::milliseconds(100));
        }
    }
    ASSERT(pool.available() == pool.total());
    return 0;
}
