// IscsiSession, what comes in. Every PDU is checked against what was asked; one that is out of place ends the
// session, as nothing that follows it could be trusted (error recovery level 0).
#include <algorithm>

#include "san/iscsi_failures.h"
#include "san/iscsi_session.h"
#include "san/iscsi_tags.h"

namespace san {

using util::Result;

// Work of one poll: more than any receive window holds in full PDUs.
static constexpr unsigned kMostPdusInPoll = 64;

bool IscsiSession::receive() {
    bool moved = false;
    for (unsigned count = 0; count < kMostPdusInPoll && phase_ != Phase::Ended;) {
        std::size_t before = stream_->readable();
        PduReader::Step step = reader_.step(*stream_);
        moved |= stream_->readable() != before;
        Result<void> accepted;
        switch (step) {
            case PduReader::Step::NeedMore: return moved;
            case PduReader::Step::Header: accepted = accept_header(); break;
            case PduReader::Step::Failed: accepted = reader_.failure(); break;
            case PduReader::Step::Complete:
                heard_at_ = clock_.now();
                accepted = accept_pdu();
                ++count;
                break;
        }
        if (!accepted.ok()) {
            bool damaged = &accepted.failure() == &kDigestError;
            end(damaged ? Cause::Lost : Cause::Protocol, accepted.failure());
        }
    }
    return moved;
}

IscsiSession::Slot* IscsiSession::find(std::uint32_t tag) {
    Slot& slot = slots_[tag % kMaxTasks];
    return slot.busy && slot.tag == tag ? &slot : nullptr;
}

util::Bytes IscsiSession::control_data() const {
    return util::Bytes(control_).first(std::min(reader_.data_length(), control_.size()));
}

static IscsiOpcode opcode_of(const IscsiHeader& header) {
    return static_cast<IscsiOpcode>(header.opcode & kOpcodeMask);
}

Result<void> IscsiSession::accept_header() {
    if (opcode_of(reader_.header()) == IscsiOpcode::DataIn && phase_ != Phase::Login)
        return accept_data_in(header_cast<DataInHeader>(reader_.header()));
    reader_.place(control_);
    return {};
}

Result<void> IscsiSession::accept_data_in(const DataInHeader& header) {
    Slot* slot = find(header.initiator_task_tag);
    if (!slot) return kUnexpectedPdu;
    ScsiTask* task = slot->task;
    if (!task) return {};  // abandoned: the data is dropped
    if (task->direction != ScsiTask::Direction::In) return kUnexpectedPdu;
    // DataPDUInOrder and DataSequenceInOrder are Yes.
    bool in_order = header.data_sn == task->progress.data_sn && header.buffer_offset == task->transferred;
    if (!in_order) return kDataOutOfOrder;
    util::MutableBytes rest = task->data.subspan(task->transferred);
    if (reader_.data_length() > rest.size()) return kDataOutOfOrder;
    reading_ = task;
    reader_.place(rest.first(reader_.data_length()));
    return {};
}

Result<void> IscsiSession::accept_pdu() {
    IscsiOpcode opcode = opcode_of(reader_.header());
    if (phase_ == Phase::Login) {
        if (opcode != IscsiOpcode::LoginResponse) return kUnexpectedPdu;
        if (reader_.header().initiator_task_tag != kLoginTag) return kUnexpectedPdu;
        take_numbers(opcode);
        return accept_login_response();
    }
    take_numbers(opcode);
    return accept_full_feature(opcode);
}

Result<void> IscsiSession::accept_full_feature(IscsiOpcode opcode) {
    const IscsiHeader& header = reader_.header();
    switch (opcode) {
        case IscsiOpcode::DataIn: return complete_data_in(header_cast<DataInHeader>(header));
        case IscsiOpcode::ScsiResponse: return accept_scsi_response(header_cast<ScsiResponseHeader>(header));
        case IscsiOpcode::ReadyToTransfer:
            return accept_ready_to_transfer(header_cast<ReadyToTransferHeader>(header));
        case IscsiOpcode::NopIn: return accept_nop_in(header_cast<NopInHeader>(header));
        case IscsiOpcode::AsyncMessage: return accept_async(header_cast<AsyncMessageHeader>(header));
        case IscsiOpcode::Reject: return accept_reject(header_cast<RejectHeader>(header));
        case IscsiOpcode::TextResponse: return accept_text_response();
        case IscsiOpcode::LogoutResponse:
            if (phase_ != Phase::LoggingOut) return kUnexpectedPdu;
            accept_logout_response(header_cast<LogoutResponseHeader>(header));
            return {};
        default: return kUnexpectedPdu;
    }
}

// Which PDUs carry a status and so move StatSN on (RFC 7143 section 4.2.2.2).
static bool carries_status(IscsiOpcode opcode, const IscsiHeader& header) {
    switch (opcode) {
        case IscsiOpcode::DataIn: return header.flags & DataInHeader::kStatus;
        case IscsiOpcode::NopIn: return header.initiator_task_tag != kReservedTag;
        case IscsiOpcode::ReadyToTransfer: return false;
        default: return true;
    }
}

void IscsiSession::take_numbers(IscsiOpcode opcode) {
    const auto& numbers = header_cast<TargetNumbers>(reader_.header());
    bool login = opcode == IscsiOpcode::LoginResponse;
    if (carries_status(opcode, reader_.header()) && (login || !serial_less(numbers.stat_sn, exp_stat_sn_)))
        exp_stat_sn_ = numbers.stat_sn + 1;
    // Section 4.2.2.1: the window never shrinks; nonsense is ignored.
    if (serial_less(numbers.max_cmd_sn, numbers.exp_cmd_sn - 1)) return;
    if (login || serial_less(exp_cmd_sn_, numbers.exp_cmd_sn)) exp_cmd_sn_ = numbers.exp_cmd_sn;
    if (login || serial_less(max_cmd_sn_, numbers.max_cmd_sn)) max_cmd_sn_ = numbers.max_cmd_sn;
}

void IscsiSession::finish(Slot& slot) {
    ScsiTask* task = slot.task;
    if (task && task == writing_ && writer_.busy()) {
        task->unlink();  // no further data, but the PDU that is under way must be whole
        finish_after_write_ = &slot;
        return;
    }
    slot = {};
    if (!task) return;
    task->unlink();
    task->state = ScsiTask::State::Done;
    done_.push_back(*task);
}

Result<void> IscsiSession::complete_data_in(const DataInHeader& header) {
    reading_ = nullptr;
    Slot* slot = find(header.initiator_task_tag);
    if (!slot) return kUnexpectedPdu;
    if (ScsiTask* task = slot->task) {
        task->transferred += reader_.data_length();
        ++task->progress.data_sn;
        task->progress.answered_at = clock_.now();
        task->status = static_cast<ScsiStatus>(header.status);
    }
    if (header.flags & DataInHeader::kStatus) finish(*slot);
    return {};
}

Result<void> IscsiSession::accept_scsi_response(const ScsiResponseHeader& header) {
    Slot* slot = find(header.initiator_task_tag);
    if (!slot || slot == finish_after_write_) return kUnexpectedPdu;
    if (ScsiTask* task = slot->task) {
        task->response = header.response;
        task->status = static_cast<ScsiStatus>(header.status);
        std::size_t size = task->data.size();
        std::size_t residual = std::min<std::size_t>(header.residual_count, size);
        std::size_t moved = header.flags & ScsiResponseHeader::kUnderflow ? size - residual : size;
        if (task->direction == ScsiTask::Direction::Out) task->transferred = moved;
        else task->transferred = std::min(task->transferred, moved);
        util::Reader reader(control_data());
        std::size_t length = reader.be16();
        util::Bytes sense = reader.rest().first(std::min({length, reader.remaining(), task->sense.size()}));
        std::copy(sense.begin(), sense.end(), task->sense.begin());
        task->sense_size = static_cast<std::uint8_t>(sense.size());
    }
    finish(*slot);
    return {};
}

Result<void> IscsiSession::accept_ready_to_transfer(const ReadyToTransferHeader& header) {
    Slot* slot = find(header.initiator_task_tag);
    if (!slot || !slot->task) return kUnexpectedPdu;
    if (slot == finish_after_write_) return kUnexpectedPdu;
    ScsiTask& task = *slot->task;
    auto& progress = task.progress;
    std::size_t offset = header.buffer_offset, length = header.desired_data_transfer_length;
    if (task.direction != ScsiTask::Direction::Out) return kUnexpectedPdu;
    if (length == 0 || length > login_.parameters().max_burst_length) return kBadReadyToTransfer;
    if (offset > task.data.size() || length > task.data.size() - offset) return kBadReadyToTransfer;
    // MaxOutstandingR2T is 1: one may come while unsolicited data or the end of the one before still goes out.
    if (header.r2t_sn != progress.r2t_sn || progress.next_burst.pending()) return kBadReadyToTransfer;
    ++progress.r2t_sn;
    progress.answered_at = clock_.now();
    ScsiTask::Progress::Burst burst{header.target_transfer_tag, offset, offset + length, 0};
    if (progress.burst.pending()) {
        progress.next_burst = burst;
    } else {
        progress.burst = burst;
        senders_.push_back(task);
    }
    return {};
}

Result<void> IscsiSession::accept_nop_in(const NopInHeader& header) {
    if (header.initiator_task_tag == kPingTag) ping_sent_ = false;
    // A target that floods us with pings gets some of them answered.
    if (header.target_transfer_tag != kReservedTag && nop_reply_count_ < nop_replies_.size())
        nop_replies_[nop_reply_count_++] = {header.target_transfer_tag, header.lun};
    return {};
}

Result<void> IscsiSession::accept_async(const AsyncMessageHeader& header) {
    switch (static_cast<AsyncEvent>(header.async_event)) {
        case AsyncEvent::LogoutRequested:
            logout_wanted_ = asked_by_target_ = true;
            return {};
        case AsyncEvent::ConnectionDropped:
        case AsyncEvent::AllConnectionsDropped:
            wait_ = util::Duration::seconds(header.parameter2);  // Time2Wait
            end(Cause::LogoutWanted, kTargetDropped);
            return {};
        case AsyncEvent::NegotiationRequested: text_request_due_ = true; return {};
        default: return {};  // what a SCSI event or a vendor says changes nothing for us
    }
}

// RFC 7143 section 11.17.1.
static const char* reject_text(std::uint8_t reason) {
    switch (reason) {
        case 0x02: return "data digest error";
        case 0x03: return "SNACK reject";
        case 0x04: return "protocol error";
        case 0x05: return "command not supported";
        case 0x06: return "too many immediate commands";
        case 0x07: return "task in progress";
        case 0x08: return "invalid data acknowledgement";
        case 0x09: return "invalid PDU field";
        case 0x0a: return "cannot generate a target transfer tag";
        case 0x0b: return "negotiation reset";
        case 0x0c: return "waiting for logout";
        default: return "unknown reason";
    }
}

Result<void> IscsiSession::accept_reject(const RejectHeader& header) {
    reject_reason_ = reject_text(header.reason);
    util::Reader reader(control_data());
    auto rejected = reader.take<IscsiHeader>();
    // A ping that is refused is an answer, too.
    if (reader.ok() && opcode_of(rejected) == IscsiOpcode::NopOut) {
        ping_sent_ = false;
        return {};
    }
    if (reader.ok() && opcode_of(rejected) == IscsiOpcode::TextRequest) return {};
    return kPduRejected;
}

Result<void> IscsiSession::accept_text_response() {
    if (reader_.header().initiator_task_tag != kTextTag) return kUnexpectedPdu;
    TextKeyReader reader(util::as_text(control_data()));
    for (TextKey key; reader.next(key);)
        if (util::equal(key.name, "MaxRecvDataSegmentLength")) TRY(login_.renegotiate(key));
    return {};
}

void IscsiSession::accept_logout_response(const LogoutResponseHeader& header) {
    if (!asked_by_target_) return end(Cause::LoggedOut, kLoggedOut);
    wait_ = util::Duration::seconds(header.time2wait);
    end(Cause::LogoutWanted, kLogoutWanted);
}

}  // namespace san
