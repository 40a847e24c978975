// VMware's vmxnet3, as virtual machines of ESXi, Workstation and Fusion have it. Polled, interrupts masked; one transmit and one receive
// queue, each a ring of descriptors and one of completions. Facts and references: drivers/vmxnet3_registers.h.
#pragma once

#include <array>

#include "drivers/dma_memory.h"
#include "drivers/drivers.h"
#include "drivers/pci_function.h"
#include "drivers/receive_budget.h"
#include "drivers/register_window.h"
#include "drivers/sampler.h"
#include "drivers/vmxnet3_registers.h"

namespace drivers {

class Vmxnet3 final : public net::Link {
  public:
    static util::Result<util::Owned<net::Link>> probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool);
    Vmxnet3(const Chip& chip, platform::PciAddress address, net::PacketPool& pool);
    ~Vmxnet3() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override;
    net::MacAddress address() const override { return mac_; }
    bool set_address(const net::MacAddress& mac) override { return mac_ = mac, true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return budget_.burst(); }
    bool checksum_offload() const override { return true; }

  private:
    // Multiples of 32.
    static constexpr unsigned kReceiveSlots = 256, kTransmitSlots = 64;
    static constexpr unsigned kSecondSlots = 32;  // of the receive queue's second ring, which has no buffers
    static constexpr unsigned kCompletionSlots = kReceiveSlots + kSecondSlots;
    // A ring that is full looks like none that is empty, but other drivers leave a slot as well.
    static constexpr unsigned kMostPosted = kReceiveSlots - 1, kMostSending = kTransmitSlots - 1;
    // All that is shared, in one piece.
    struct Memory {
        alignas(512) vmxnet3::Descriptor receive[kReceiveSlots];
        alignas(512) vmxnet3::Descriptor second[kSecondSlots];
        alignas(512) vmxnet3::Completion received[kCompletionSlots];
        alignas(512) vmxnet3::Descriptor transmit[kTransmitSlots];
        alignas(512) vmxnet3::Completion sent[kTransmitSlots];
        alignas(128) vmxnet3::Queues queues;
        alignas(128) vmxnet3::DriverShared driver;
    };
    // A position in a ring, and the generation that a descriptor there has when it is new.
    struct Position {
        std::uint16_t at = 0;
        bool generation = true;
        void advance(unsigned slots) {
            if (++at == slots) at = 0, generation = !generation;
        }
    };

    std::uint32_t read(vmxnet3::Register what) const { return registers_.read32(static_cast<std::uint32_t>(what)); }
    void write(vmxnet3::Register what, std::uint32_t value) const {
        registers_.write32(static_cast<std::uint32_t>(what), value);
    }
    void ring(vmxnet3::Doorbell what, std::uint32_t value) const {
        doorbells_.write32(static_cast<std::uint32_t>(what), value);
    }
    std::uint32_t ask(vmxnet3::Command what) const;
    util::Result<void> identify();
    util::Result<void> start();
    void describe();
    bool refill();
    net::Packet take(const vmxnet3::Completion& completion);
    bool next(vmxnet3::Completion& completion);
    void reclaim();
    volatile Memory& memory() const { return *reinterpret_cast<volatile Memory*>(memory_.data()); }
    template <class Part>
    std::uint64_t bus_address(const volatile Part& part) const;

    PciFunction pci_;
    net::LinkIdentity identity_;
    net::MacAddress mac_;
    RegisterWindow doorbells_, registers_;
    bool open_ = false;
    Sampler sampler_;
    net::LinkState state_;
    ReceiveBudget budget_;
    DmaMemory memory_;
    Position receive_tail_, received_at_, transmit_tail_, sent_at_;
    std::uint16_t receive_head_ = 0, posted_ = 0;
    std::uint16_t transmit_head_ = 0, used_ = 0;
    std::array<net::Packet, kReceiveSlots> received_;
    std::array<net::Packet, kTransmitSlots> sending_;
};

}  // namespace drivers
