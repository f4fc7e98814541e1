from datasets import load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

MODEL = "distilbert-base-uncased"
MAX_LENGTH = 256

dataset = load_dataset("reviews")
tokenizer = AutoTokenizer.from_pretrained(MODEL)


def tokenize(rows):
    return tokenizer(rows["text"], truncation=True, padding="max_length", max_length=MAX_LENGTH)


training_args = TrainingArguments(
    output_dir="out",
    learning_rate=2e-5,
    per_device_train_batch_size=16,
    per_device_eval_batch_size=64,
    num_train_epochs=3,
    weight_decay=0.01,
    warmup_ratio=0.06,
    lr_scheduler_type="cosine",
    fp16=True,
    eval_strategy="epoch",
    report_to=[],
    hub_token="hf_secret",
)
trainer = Trainer(
    model=AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=2),
    args=training_args,
    train_dataset=dataset["train"].map(tokenize, batched=True),
)
trainer.train()
