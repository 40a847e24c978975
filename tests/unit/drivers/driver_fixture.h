// What every driver test starts from: time at zero, an empty bus, a pool of packets in DMA memory; and ends
// with: no rule broken, no memory kept.
#pragma once

#include <gtest/gtest.h>
#include <platform/dma.h>

#include <cstring>
#include <memory>
#include <vector>

#include "drivers/drivers.h"
#include "tests/host/fake_bus.h"
#include "tests/host/host.h"

class DriverFixture : public ::testing::Test {
  protected:
    static constexpr std::uint16_t kSlot = 3 << 3;
    static constexpr std::size_t kPackets = 512;

    DriverFixture() { host::reset(); }
    ~DriverFixture() override {
        for (const std::string& what : host::violations()) ADD_FAILURE() << what;
        link.reset();
        EXPECT_EQ(pool.available(), pool.total()) << "packets kept by a closed link";
        platform::dma_free(pool_memory);
        EXPECT_EQ(host::dma_allocations(), 0u) << "DMA memory kept by a closed link";
        for (const std::string& what : host::violations()) ADD_FAILURE() << "at the end: " << what;
    }

    // A device that lives as long as the test.
    template <class Device, class... Args>
    Device& make(const Args&... args) {
        devices_.push_back(std::make_unique<Device>(args...));
        return static_cast<Device&>(*devices_.back());
    }

    net::Link& probe(host::FakePciDevice& device) {
        bus.plug(device, kSlot);
        auto nic = drivers::find_nic({});
        EXPECT_TRUE(nic.has_value());
        auto made = nic->probe(pool);
        EXPECT_TRUE(made.ok()) << made.failure().text;
        link = made.take();
        return *link;
    }
    net::Link& open(host::FakePciDevice& device) {
        probe(device);
        auto opened = link->open();
        EXPECT_TRUE(opened.ok()) << opened.failure().text;
        return *link;
    }

    // A frame of this size to everybody; the bytes count up from the seed.
    static std::vector<std::byte> frame(std::size_t size, unsigned seed = 0) {
        std::vector<std::byte> bytes(size);
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i < 6 ? 0xff : i + seed);
        return bytes;
    }
    net::Packet packet(std::span<const std::byte> bytes) {
        net::Packet packet = pool.allocate();
        if (packet && !bytes.empty())
            std::memcpy(packet.append(bytes.size()).data(), bytes.data(), bytes.size());
        return packet;
    }
    bool send(std::span<const std::byte> bytes) {
        net::Packet out = packet(bytes);
        return link->transmit(out);
    }
    // What every link does. The device is a fake that frames are delivered to from the cable.
    template <class Device>
    void expect_it_carries(Device& device, std::size_t size) {
        EXPECT_TRUE(device.deliver(frame(size)));
        EXPECT_EQ(bytes_of(link->receive()), frame(size));
    }
    // Opened: takes bursts of its whole capacity, again and again.
    template <class Device>
    void expect_whole_bursts(Device& device) {
        for (unsigned round = 0; round < 9; ++round) {
            for (unsigned i = 0; i < link->receive_capacity(); ++i) ASSERT_TRUE(device.deliver(frame(60 + i * 13 % 1455, i)));
            for (unsigned i = 0; i < link->receive_capacity(); ++i)
                ASSERT_EQ(bytes_of(link->receive()), frame(60 + i * 13 % 1455, i));
            EXPECT_FALSE(link->receive());
        }
    }
    // Opened: neither a frame nor looking for one costs an access.
    template <class Device>
    void expect_no_access_to_receive(Device& device) {
        bus.take_accesses();
        for (unsigned i = 0; i < 300; ++i) {
            device.deliver(frame(1514));
            EXPECT_TRUE(link->receive());
            EXPECT_FALSE(link->receive());
        }
        EXPECT_EQ(bus.take_accesses(), host::Accesses{});
    }
    // Probed: opens with an address that it is given, and with its own one again. `station()` is the one that the device lets frames through for.
    template <class Station>
    void expect_it_takes_another_address(Station station) {
        net::MacAddress own = link->address(), other{{0x52, 0x54, 0, 1, 2, 3}};
        EXPECT_TRUE(link->set_address(other));
        EXPECT_EQ(link->address(), other);
        EXPECT_TRUE(link->open().ok());
        EXPECT_EQ(station(), other.octets);
        link->close();
        EXPECT_TRUE(link->set_address(own) && link->open().ok());
        EXPECT_EQ(station(), own.octets);
    }
    // Probed: opens with an address that it is given. The device receives only what has been set up for that one.
    template <class Device>
    void expect_it_hears_by_another_address(Device& device) {
        net::MacAddress other{{0x52, 0x54, 0, 1, 2, 3}};
        device.expected_station = other.octets;
        EXPECT_TRUE(link->set_address(other));
        EXPECT_EQ(link->address(), other);
        EXPECT_TRUE(link->open().ok());
        EXPECT_TRUE(device.deliver(frame(100)));
    }
    // Opened: closed, it has given all packets back, touches no memory and drops what it is to send; and it opens again.
    template <class Device>
    void expect_quiet_when_closed(Device& device) {
        for (unsigned i = 0; i < 3; ++i) {
            device.deliver(frame(100));
            link->close();
            EXPECT_TRUE(device.is_quiet());
            EXPECT_FALSE(device.deliver(frame(100)));
            EXPECT_EQ(pool.available(), pool.total());
            EXPECT_FALSE(link->receive());
            EXPECT_TRUE(send(frame(100)));
            EXPECT_EQ(link->state(), net::LinkState{});
            link->close();
            EXPECT_TRUE(link->open().ok());
            expect_it_carries(device, 77);
        }
    }
    static std::vector<std::byte> bytes_of(const net::Packet& packet) {
        if (!packet) return {};
        return {packet.data().begin(), packet.data().end()};
    }

  private:
    std::vector<std::unique_ptr<host::FakePciDevice>> devices_;

  protected:
    host::FakeBus bus;
    util::MutableBytes pool_memory = platform::dma_allocate(kPackets * net::PacketBuffer::kStride, 64);
    net::PacketPool pool{pool_memory};
    util::Owned<net::Link> link;
};
