// IscsiSession, what goes out: control PDUs first, then data that the target waits for, then new commands.
#include <algorithm>

#include "san/iscsi_failures.h"
#include "san/iscsi_session.h"
#include "san/iscsi_tags.h"

namespace san {

static constexpr util::Duration kLogoutLimit = util::Duration::seconds(2);

bool IscsiSession::transmit() {
    bool moved = false;
    for (;;) {
        if (writer_.busy()) {
            moved |= writer_.flush(*stream_);
            if (writer_.busy()) return moved;
            writer_done();
        }
        if (!start_next_pdu()) return moved;
        moved = true;
    }
}

void IscsiSession::writer_done() {
    writing_ = nullptr;
    if (Slot* slot = std::exchange(finish_after_write_, nullptr)) finish(*slot);
}

bool IscsiSession::start_next_pdu() {
    if (start_control_pdu()) return true;
    if (phase_ != Phase::FullFeature) return false;
    if (ScsiTask* task = senders_.front()) {
        start_data_out(*task);
        return true;
    }
    return start_command();
}

bool IscsiSession::start_control_pdu() {
    if (std::exchange(login_request_due_, false)) start_login_request();
    else if (phase_ != Phase::FullFeature) return false;
    else if (nop_reply_count_) start_nop_reply();
    else if (logout_wanted_) start_logout();
    else if (std::exchange(ping_due_, false)) start_ping();
    else if (std::exchange(text_request_due_, false)) start_text_request();
    else return false;
    return true;
}

void IscsiSession::start_login_request() {
    LoginRequestHeader header;
    util::Bytes text = login_.next_request(header);
    start_request(header, kLoginTag, text);
}

// Sends an immediate request. Its tag and numbers are where a NOP-Out has them, in requests of all kinds.
template <IscsiHeaderStruct T>
void IscsiSession::start_request(T& header, std::uint32_t tag, util::Bytes text) {
    start_immediate(reinterpret_cast<NopOutHeader&>(header), tag, text);
}
void IscsiSession::start_immediate(NopOutHeader& header, std::uint32_t tag, util::Bytes text) {
    header.initiator_task_tag = tag;
    header.cmd_sn = cmd_sn_;
    header.exp_stat_sn = exp_stat_sn_;
    writer_.start(header, text);
}

void IscsiSession::start_logout() {
    LogoutRequestHeader header;
    start_request(header, kLogoutTag);
    phase_ = Phase::LoggingOut;
    phase_deadline_ = clock_.now() + kLogoutLimit;
}

void IscsiSession::start_ping() {
    NopOutHeader header;
    start_immediate(header, kPingTag);
    ping_sent_ = true;
}

// RFC 7143 section 11.18: tag and LUN as the target gave them, no data.
void IscsiSession::start_nop_reply() {
    const NopReply& reply = nop_replies_[--nop_reply_count_];
    NopOutHeader header;
    header.lun = reply.lun;
    header.target_transfer_tag = reply.target_transfer_tag;
    start_immediate(header, kReservedTag);
}

// The answer to Async Message 4: we have nothing to change, so we say again what we take.
void IscsiSession::start_text_request() {
    static constexpr std::string_view kText{"MaxRecvDataSegmentLength=262144\0", 32};
    static_assert(kOurSegmentLength == 262144);
    TextRequestHeader header;
    header.opcode |= kImmediate;
    start_request(header, kTextTag, util::as_bytes(kText));
}

IscsiSession::Slot* IscsiSession::free_slot() {
    for (Slot& slot : slots_)
        if (!slot.busy) return &slot;
    return nullptr;
}

// How much of a write goes out with the command itself; what may follow unasked becomes the task's first burst.
std::size_t IscsiSession::plan_unsolicited(ScsiTask& task) const {
    const SessionParameters& agreed = login_.parameters();
    std::size_t size = task.data.size();
    std::size_t first_burst = std::min<std::size_t>({size, agreed.first_burst_length, agreed.max_burst_length});
    std::size_t immediate_size = 0;
    if (agreed.immediate_data)
        immediate_size = std::min<std::size_t>(first_burst, agreed.max_recv_data_segment_length);
    if (!agreed.initial_r2t) {
        task.progress.burst.next = immediate_size;
        task.progress.burst.end = first_burst;
    }
    return immediate_size;
}

bool IscsiSession::start_command() {
    if (queue_.empty() || !window_open()) return false;
    Slot* slot = free_slot();
    if (!slot) return false;
    ScsiTask& task = *queue_.pop_front();
    // The tag's low bits find the slot, the others tell a late answer to an earlier task apart.
    std::uint32_t index = static_cast<std::uint32_t>(slot - slots_.data());
    *slot = {true, (next_tag_++ & kTagSequenceMask) * std::uint32_t{kMaxTasks} + index, &task};
    task.state = ScsiTask::State::Active;
    task.progress.tag = slot->tag;
    task.progress.answered_at = clock_.now();

    ScsiCommandHeader header;
    header.lun = task.lun;
    header.initiator_task_tag = slot->tag;
    header.expected_data_transfer_length = static_cast<std::uint32_t>(task.data.size());
    header.cmd_sn = cmd_sn_++;
    header.exp_stat_sn = exp_stat_sn_;
    header.cdb = task.cdb;
    unsigned flags = ScsiCommandHeader::kSimpleTask | kFinal;
    util::Bytes data;
    if (task.direction == ScsiTask::Direction::In) flags |= ScsiCommandHeader::kRead;
    if (task.direction == ScsiTask::Direction::Out) {
        flags |= ScsiCommandHeader::kWrite;
        data = task.data.first(plan_unsolicited(task));
        writing_ = &task;
        if (task.progress.burst.pending()) {
            flags &= ~unsigned{kFinal};  // unsolicited Data-Out PDUs follow
            senders_.push_back(task);
        }
    }
    header.flags = static_cast<std::uint8_t>(flags);
    writer_.start(header, data);
    return true;
}

void IscsiSession::start_data_out(ScsiTask& task) {
    auto& burst = task.progress.burst;
    std::size_t longest = login_.parameters().max_recv_data_segment_length;
    std::size_t length = std::min(burst.end - burst.next, longest);
    DataOutHeader header;
    header.lun = task.lun;
    header.initiator_task_tag = task.progress.tag;
    header.target_transfer_tag = burst.target_transfer_tag;
    header.exp_stat_sn = exp_stat_sn_;
    header.data_sn = burst.data_sn++;
    header.buffer_offset = static_cast<std::uint32_t>(burst.next);
    writing_ = &task;
    util::Bytes data = task.data.subspan(burst.next, length);
    burst.next += length;
    if (!burst.pending()) {
        header.flags = kFinal;
        burst = std::exchange(task.progress.next_burst, {});
        if (!burst.pending()) task.unlink();
    }
    writer_.start(header, data);
}

}  // namespace san
