import torch
from peft import LoraConfig, get_peft_model
from transformers import BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

quantization = BitsAndBytesConfig(
    load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
)
lora = LoraConfig(
    r=16,
    lora_alpha=32,  # twice the rank
    lora_dropout=0.05,
    target_modules=["q_proj", "k_proj", "v_proj"],
    bias="none",
    task_type="CAUSAL_LM",
)


def fine_tune(steps=200, lr=2e-4, seed=3407):
    settings = SFTConfig(
        max_steps=steps,
        learning_rate=lr,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=8,
        optim="paged_adamw_8bit",
    )
    model = get_peft_model(base(quantization), lora)
    return SFTTrainer(model=model, args=settings, max_seq_length=2048, packing=True).train()


fine_tune(steps=400)
