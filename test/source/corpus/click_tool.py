import click
import typer


@click.command()
@click.option("--learning-rate", "-l", default=0.01, show_default=True, type=float)
@click.option("--epochs", "n_epochs", default=5, help="how often")
@click.option("--augment/--no-augment", default=True)
@click.option("--optimizer", type=click.Choice(["sgd", "adam"]), default="adam")
@click.option("--token", envvar="TOKEN", default="secret")
@click.argument("data", default="data.csv")
def train(learning_rate, n_epochs, augment, optimizer, token, data):
    fit(learning_rate, n_epochs)


app = typer.Typer(add_completion=False)


@app.command()
def tune(trials: int = typer.Option(20, min=1), ratio: float = typer.Option(default=0.3)):
    run(trials, ratio)


if __name__ == "__main__":
    train()
